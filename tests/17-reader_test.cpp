// Chapter 17's reader: its training, its file, and teaching a network other
// signs.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <new>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "16-saving/steps_files.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/letters_taught.hpp"
#include "17-handwriting/reader_training.hpp"
#include "17-handwriting/steps_read.hpp"
#include "17-handwriting/steps_reader.hpp"
#include "17-handwriting/steps_teach.hpp"
#include "17-handwriting/steps_teaching.hpp"
#include "17-handwriting/steps_tour.hpp"
#include "17-handwriting/teaching.hpp"
#include "common/data/files.hpp"
#include "common/draw/image.hpp"
#include "tests/capture.hpp"
#include "tests/catch.hpp"
#include "tests/folder.hpp"

using namespace cnn;

namespace {

#ifndef _WIN32
// Calls a verb with some words. Returns its status and its errors in one
// string; what else it prints is dropped.
std::string called(int (*verb)(int, char**), Strings words) {
  const TemporaryFolder folder;
  const std::string errors = (folder / "errors").string();
  const std::string status = in_child([&] {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    if (!std::freopen("/dev/null", "w", stdout)) return std::string("?");
    if (!std::freopen(errors.c_str(), "w", stderr)) return std::string("?");
    const int result =
        verb(static_cast<int>(arguments.size()), arguments.data());
    std::fflush(stderr);
    return std::to_string(result);
  });
  return status + " " + bytes_of(errors);
}

// The status alone, for a call that may take more than a second. Then there
// is progress among the errors, and more of it on a slow machine.
int status_of(int (*verb)(int, char**), Strings words) {
  return std::stoi(called(verb, std::move(words)));
}
#endif

}  // namespace

// ---- The reader --------------------------------------------------------

TEST_CASE("the reader's training gives the same bits for any threads") {
  const Dataset digits = first(embedded_digits().train, 96);
  AugmentedTraining settings;
  settings.epochs = 2;
  const NetworkPlan plan = reader_plan();
  std::vector<std::string> files;
  for (const int threads : {1, 2, 3}) {
    FastNetwork network(plan.architecture, plan.image,
                        {threads, "auto", true, true});
    train_reader(network, digits, settings);
    files.push_back(safetensors_bytes(file_of(network, plan)));
  }
  CHECK(files[1] == files[0]);
  CHECK(files[2] == files[0]);
  settings.seed = 2;
  FastNetwork network(plan.architecture, plan.image);
  train_reader(network, digits, settings);
  CHECK(safetensors_bytes(file_of(network, plan)) != files[0]);
}

TEST_CASE("the reader that comes with the book reads as its card says") {
  const LoadedNetwork loaded = load_network(reader_path());
  CHECK(to_text(loaded.plan.architecture) ==
        to_text(reader_plan().architecture));
  const auto recipe = recipe_of({});
  for (const auto& [key, value] : recipe)
    CHECK(loaded.file.metadata.at(key) == value);
  CHECK(std::filesystem::file_size(reader_path()) < 1'000'000);
  const auto network = network_of(loaded, "reader");
  const Dataset digits = embedded_digits().held_out;
  const int right = right_count(*network, digits);
  const std::string card =
      bytes_of(reader_path().parent_path() / "MODEL_CARD.md");
  bool stated = false;  // another platform may round one of them away
  for (const int near : {right - 1, right, right + 1})
    stated = stated || card.find(share_text(near, digits.size())) !=
                           std::string::npos;
  INFO(share_text(right, digits.size()));
  CHECK(stated);
  CHECK(right >= 1980);
}

#ifndef _WIN32
TEST_CASE("a folder of strangers that is not there is refused at once") {
  const TemporaryFolder folder;
  const std::string none = (folder / "none").string();
  const Said said =
      said_by(handwriting_tour, {"--quick", "--strangers", none,
                                 "--figures", folder.path().string()});
  CHECK(said.status == 1);
  CHECK(said.out == "");
  CHECK_THAT(said.err, ContainsSubstring(none));
}

TEST_CASE("labelled photographs are read by the network that is named") {
  const TemporaryFolder folder;
  std::filesystem::copy(shipped_photographs() / "spar_04.jpg",
                        folder / "spar_04.jpg");
  write_file(folder / "labels.csv",
             "file,label,order,kind\nspar_04.jpg,23456,line,several\n");
  const std::string photographs = folder.path().string();
  const std::string ignorant = (folder / "zeros.safetensors").string();
  FastNetwork network(reader_plan().architecture, reader_plan().image);
  for (Parameter<>* parameter : network.parameters())
    for (float& number : parameter->value.data()) number = 0;
  save_network(ignorant, file_of(network, reader_plan()));

  const Said own = said_by(handwriting_tour, {"--photos", photographs});
  CHECK(own.status == 0);
  CHECK_THAT(own.out,
             ContainsSubstring("several, right as a whole     1 of 1"));
  const Said named = said_by(
      handwriting_tour, {"--photos", photographs, "--weights", ignorant});
  CHECK(named.status == 0);
  CHECK_THAT(named.out, ContainsSubstring("not digits"));
  CHECK_THAT(named.out,
             ContainsSubstring("digits, refused all the same  1 of 1"));
  const Said alone = said_by(handwriting_tour, {"--weights", ignorant});
  CHECK(alone.status == 2);
  CHECK_THAT(alone.err,
             ContainsSubstring("expected --photos DIR beside --weights"));
}

TEST_CASE("a reader is the same file for any number of threads") {
  const TemporaryFolder folder;
  const std::string one = (folder / "1").string(),
                    two = (folder / "2").string();
  const Strings words = {
      "--make-reader", "--epochs", "1",         "--digits", "64",
      "--save",        one,        "--threads", "1"};
  Strings others = words;
  others[6] = two;
  others[8] = "2";
  CHECK(status_of(make_reader_program, words) == 0);
  CHECK(status_of(make_reader_program, others) == 0);
  CHECK(bytes_of(one) == bytes_of(two));
  network_of(load_network(one), one);
  write_file(one, std::string("kept"));
  CHECK(called(make_reader_program, words) ==
        "2 17-handwriting --make-reader: " + one +
            " is there already: choose another name, or replace it with "
            "--overwrite\n");
  CHECK(bytes_of(one) == "kept");
  Strings again = words;
  again.push_back("--overwrite");
  CHECK(status_of(make_reader_program, again) == 0);
  CHECK(bytes_of(one) == bytes_of(two));
}

TEST_CASE("a reader of other layers is made, and taught other signs") {
  const TemporaryFolder folder;
  const std::string path = (folder / "F").string();
  const std::string layers =
      "conv 4 5 stride 2, batchnorm, relu, flatten, dropout 0.5, dense 12, "
      "layernorm, relu, dropout 0.25, dense 10";
  const Strings words = {"--make-reader",
                         "--epochs",
                         "1",
                         "--digits",
                         "64",
                         "--save",
                         path,
                         "--network",
                         layers,
                         "--smoothing",
                         "0.1"};
  CHECK(status_of(make_reader_program, words) == 0);
  const LoadedNetwork made = load_network(path);
  CHECK(to_text(made.plan.architecture) == layers);
  CHECK(made.file.metadata.at("smoothing") == "0.1");
  CHECK(made.file.tensors.at("bn1.running_mean") != Tensor<>({4}));
  const NetworkPlan other = with_answers(made.plan, 3);
  const TensorFile begun = initial_parameters(made.file, other, true, 1);
  for (const char* kept : {"bn1.running_var", "ln1.weight", "fc1.weight"})
    CHECK(begun.tensors.at(kept) == made.file.tensors.at(kept));
  CHECK(begun.tensors.at("fc2.bias").shape() == Shape{3});
  FastNetwork pupil(layers_of(other, 1), other.image);
  load_parameters(begun, pupil, "F");
  AugmentedTraining settings = teaching_settings();
  settings.epochs = 60;
  Dataset letters = drawn_letters(4, 5);
  std::vector<int> three;
  for (int n = 0; n < letters.size(); ++n)
    if (letters.labels[static_cast<std::size_t>(n)] < 3) three.push_back(n);
  letters = subset(letters, three);
  letters.classes = 3;
  train_augmented(pupil, letters, settings);
  CHECK(accuracy(pupil, letters) > 0.6);
}

TEST_CASE("making a reader replaces the book's by no other one") {
  const std::string before = bytes_of(reader_path());
  CHECK(called(make_reader_program, {"--make-reader", "--epochs", "1"}) ==
        "2 17-handwriting --make-reader: expected --save FILE beside other "
        "settings than those of the reader that comes with the book\n");
  for (const Strings& other :
       {Strings{"--make-reader", "--seed", "2"},
        Strings{"--make-reader", "--smoothing", "0.1"},
        Strings{"--make-reader", "--network", "flatten, dense 10"},
        Strings{"--make-reader", "--overwrite"},
        Strings{"--make-reader", "--save", "F", "--network", "dense 10"}})
    CHECK(called(make_reader_program, other).rfind("2 ", 0) == 0);
  const bool kept = bytes_of(reader_path()) == before;
  if (!kept) write_file(reader_path(), before);
  CHECK(kept);
}
#endif

// ---- Names of classes --------------------------------------------------

TEST_CASE("names of classes go into a file and come back") {
  TensorFile file;
  CHECK(std::get<ClassNames>(class_names_in(file, 10)).at(7) == "7");
  const ClassNames names = {"alpha", "\xce\xb2", "a plus"};
  file.metadata["classes"] = class_names_text(names);
  CHECK(file.metadata["classes"] == "alpha/\xce\xb2/a plus");
  CHECK(std::get<ClassNames>(class_names_in(file, 3)) == names);
}

TEST_CASE("names that cannot be are broken") {
  for (const char* text : {"", "a//b", "a/b", "a/b/", "a/b/a", "a/b/c/d",
                           "a/b/\n", "a/b/\xff", "a/b/\x1b[0m"}) {
    TensorFile file;
    file.metadata["classes"] = text;
    INFO(text);
    CHECK(std::holds_alternative<Broken>(class_names_in(file, 3)));
  }
  CHECK(std::holds_alternative<Broken>(class_names_in({}, 11)));
  CHECK_FALSE(is_class_name(std::string(101, 'x')));
  CHECK(is_class_name(std::string(100, 'x')));
  CHECK_FALSE(is_class_name("a\"b"));
}

// ---- Teaching ----------------------------------------------------------

TEST_CASE("a fifth of each class is held out, one at least") {
  Dataset all;
  all.images = Tensor<>({26, 1, 1, 1});
  for (int n = 0; n < 26; ++n) {
    all.images(n, 0, 0, 0) = static_cast<float>(n);
    all.labels.push_back(n < 2 ? 0 : n < 12 ? 1 : 2);
  }
  all.classes = 4;  // one has no picture
  const Split split = stratified_split(all, 1);
  std::vector<int> held_out(4), learned(4);
  std::set<float> seen;
  for (const int label : split.held_out.labels)
    ++held_out[static_cast<std::size_t>(label)];
  for (const int label : split.train.labels)
    ++learned[static_cast<std::size_t>(label)];
  for (const Dataset* some : {&split.train, &split.held_out})
    seen.insert(some->images.data().begin(), some->images.data().end());
  CHECK(held_out == std::vector<int>{1, 2, 2, 0});
  CHECK(learned == std::vector<int>{1, 8, 12, 0});
  CHECK(seen.size() == 26);
  CHECK(stratified_split(all, 1).held_out.images.data()[2] ==
        split.held_out.images.data()[2]);
  bool same = true;
  for (const unsigned seed : {2u, 3u, 4u})
    same = same && stratified_split(all, seed).held_out.images.data()[2] ==
                       split.held_out.images.data()[2];
  CHECK_FALSE(same);
  all.labels[1] = 1;
  CHECK(message_of([&] { stratified_split(all, 1); }) ==
        "stratified_split: expected 2 or more pictures of class 0, got 1");
}

TEST_CASE("a network keeps its classes if it knows all that it is taught") {
  const ClassNames digits = {"0", "1", "2"};
  CHECK(classes_after(digits, {"1"}) == digits);
  CHECK(classes_after(digits, {"0", "1", "2"}) == digits);
  CHECK(classes_after(digits, {"2", "3"}) == ClassNames{"2", "3"});
}

TEST_CASE("with other answers only the last layer begins anew") {
  const auto numbers = [](const TensorFile& file, const char* name) {
    const auto all = file.tensors.at(name).data();
    return std::vector<float>(all.begin(), all.end());
  };
  const NetworkPlan plan = {
      {Convolution{2, 3}, Relu{}, Flatten{}, Dense{5}, Relu{}, Dense{10}},
      {1, 6, 6}};
  Recipe recipe;
  recipe.seed = 9;
  const TensorFile trained = first_checkpoint(plan, recipe).parameters;
  const NetworkPlan other = with_answers(plan, 3);
  CHECK(to_text(other.architecture) ==
        "conv 2 3, relu, flatten, dense 5, relu, dense 3");
  const TensorFile begun = initial_parameters(trained, other, true, 1);
  for (const char* kept : {"conv1.weight", "conv1.bias", "fc1.weight"})
    CHECK(numbers(begun, kept) == numbers(trained, kept));
  CHECK(begun.tensors.at("fc2.weight").shape() == Shape{3, 5});
  const TensorFile same = initial_parameters(trained, plan, false, 1);
  CHECK(numbers(same, "fc2.weight") == numbers(trained, "fc2.weight"));
  CHECK(message_of([] {
          with_answers({{Flatten{}, Dense{3}, Relu{}}, {1, 2, 2}}, 2);
        }) ==
        "with_answers: expected a network that ends in a "
        "dense layer, got 'flatten, dense 3, relu'");
}

TEST_CASE("a picture of one sign is placed, whatever its parts") {
  // Two bars on grey paper, a speck of dirt in a corner.
  Tensor<> image({3, 90, 120}, 0.8f);
  for (int c = 0; c < 3; ++c) {
    for (int y = 20; y < 70; ++y)
      for (const int x : {40, 41, 42, 43, 44, 60, 61, 62, 63, 64})
        image(c, y, x) = 0.1f;
    image(c, 85, 4) = 0.1f;
  }
  const Tensor<> sign = std::get<Tensor<>>(sign_of(image));
  const Box box = *ink_box(sign, 0.5f);
  CHECK(std::abs(box.height() - 20) <= 1);
  CHECK(std::abs(box.width() - 10) <= 1);
  CHECK(sign(14, 14) < 0.1f);  // between the bars
  // The same with light strokes on black.
  Tensor<> board = image;
  for (float& level : board.data()) level = 1 - level;
  const Box chalk = *ink_box(std::get<Tensor<>>(sign_of(board)), 0.5f);
  CHECK(std::abs(chalk.height() - 20) <= 1);
  CHECK(std::abs(chalk.width() - 10) <= 1);
  // A placed picture stays as it is; a blank page holds no sign.
  Tensor<> placed({3, 28, 28});
  placed(0, 3, 3) = placed(1, 3, 3) = placed(2, 3, 3) = 1;
  CHECK(is_placed_already(placed));
  CHECK(std::get<Tensor<>>(sign_of(placed))(3, 3) > 0.99f);
  const auto blank = sign_of(Tensor<>({3, 90, 120}, 0.8f));
  CHECK(std::get<Broken>(blank).rule ==
        "blank: found nothing that could be a sign");
  CHECK_FALSE(is_placed_already(Tensor<>({3, 28, 28}, 0.8f)));
}

TEST_CASE("each writer is left out once, and only then") {
  const Dataset digits = first(embedded_digits().train, 12);
  WrittenDigits written{digits, {}};
  for (int n = 0; n < 12; ++n)
    written.writers.push_back(n < 3 ? "a" : n < 5 ? "b" : "c");
  const LoadedNetwork reader = load_network(reader_path());
  AugmentedTraining settings = teaching_settings();
  settings.epochs = 1;
  const auto results =
      compute_writers_left_out(reader.file, reader.plan, written, settings);
  REQUIRE(results.size() == 3);
  CHECK(results[0].writer == "a");
  CHECK(results[0].digits == 3);
  CHECK(results[1].digits == 2);
  CHECK(results[2].digits == 7);
  CHECK(results[2].before == 7);
  // Without a step nothing changes.
  settings.epochs = 0;
  for (const auto& it : compute_writers_left_out(reader.file, reader.plan,
                                                 written, settings))
    CHECK(it.after == it.before);
  written.writers.assign(12, "a");
  CHECK(message_of([&] {
          compute_writers_left_out(reader.file, reader.plan, written,
                                   settings);
        }).rfind("compute_writers_left_out: expected a writer", 0) == 0);
}

TEST_CASE("a reader of digits is taught letters") {
  const LoadedNetwork reader = load_network(reader_path());
  const LettersTaught taught = compute_letters_taught(
      reader.file, reader.plan, 2, 6, 1, drawn_letters(5, 99));
  INFO(taught.from_digits[0] << " and " << taught.from_nothing[0]);
  CHECK(taught.from_digits[0] > 0.5);
  CHECK(taught.from_digits[0] > taught.from_nothing[0] + 0.2);
}

#ifndef _WIN32

namespace {

// A folder of three classes with four pictures each, of 28 x 28 pixels.
void draw_classes(const TemporaryFolder& folder) {
  const Dataset letters = drawn_letters(4, 5);
  for (int n = 0; n < letters.size(); ++n) {
    const int k = letters.labels[static_cast<std::size_t>(n)];
    if (k > 2) continue;
    const auto pixels = row_of(letters.images, n);
    Picture picture(28, 28);
    for (int y = 0; y < 28; ++y)
      for (int x = 0; x < 28; ++x) {
        const auto grey = static_cast<std::uint8_t>(
            pixels[static_cast<std::size_t>(28 * y + x)] * 255);
        picture.at(x, y) = {grey, grey, grey};
      }
    write_file(folder / ("own/" +
                         std::string(
                             1, letter_names[static_cast<std::size_t>(k)]) +
                         "/" + std::to_string(n) + ".png"),
               png_bytes(picture));
  }
}

}  // namespace

TEST_CASE("pictures of one page have one writer") {
  const TemporaryFolder folder;
  write_file(folder / "labels.csv",
             "file,label,paper,source_repo,source_file\n"
             "a_1.png,12,\"white, dim\",x/a,page 1\n"
             "a_2.png,3,white,x/a,page 2\n"
             "a_3.png,,white,x/a,page 1\n"
             "b_1.png,3,white,y/b,p\n"
             "b_2.png,4,white,y/b,q\n");
  Strings writers;
  for (const auto& it : photograph_sources(folder.path()))
    writers.push_back(it.writer);
  CHECK(writers == Strings{"a, page 1", "a", "a, page 1", "b", "b"});
  write_file(folder / "labels.csv", "file,label\n");
  CHECK(message_of([&] { photograph_sources(folder.path()); }) ==
        (folder / "labels.csv").string() +
            ": expected a first line with the name 'source_repo'");
}

TEST_CASE("teach writes a network with the folder's classes") {
  const TemporaryFolder folder;
  draw_classes(folder);
  const std::string own = (folder / "own").string(),
                    save = (folder / "taught").string(),
                    from = reader_path().string();
  write_file(folder / "own/A/.hidden", "no picture");
  write_file(folder / "own/note.txt", "beside the classes");
  const Strings words = {"teach",  own,  "--from",   from,
                         "--save", save, "--epochs", "3"};
  CHECK(status_of(teach_program, words) == 0);
  const LoadedNetwork taught = load_network(save);
  network_of(taught, save);
  CHECK(taught.file.metadata.at("classes") == "A/C/E");
  const std::string bytes = bytes_of(save);
  CHECK(called(teach_program, words) ==
        "2 tutorial teach: " + save +
            " is there already: choose another name, or replace it with "
            "--overwrite\n");
  Strings again = words;
  again.push_back("--overwrite");
  again.push_back("--threads");
  again.push_back("1");
  CHECK(status_of(teach_program, again) == 0);
  CHECK(bytes_of(save) == bytes);
}

TEST_CASE("the progress of teaching ends when its last epoch does") {
  std::vector<int> over;
  for (int step = 1; step <= 6; ++step)
    over.push_back(epochs_over(
        {.step = step, .steps = 6, .epoch = (step + 1) / 2}, 3));
  CHECK(over == std::vector{0, 1, 1, 2, 2, 3});
  const int most = 1 << 30;  // steps, one in each epoch
  CHECK(epochs_over({.step = most, .steps = most, .epoch = most}, most) ==
        most);
}

TEST_CASE("teach refuses what it cannot learn from, and writes nothing") {
  const TemporaryFolder folder;
  draw_classes(folder);
  const std::filesystem::path own = folder / "own";
  const std::string save = (folder / "taught").string(),
                    from = reader_path().string();
  const auto said = [&](const std::filesystem::path& where) {
    const std::string text =
        called(teach_program,
               {"teach", where.string(), "--from", from, "--save", save});
    CHECK_FALSE(std::filesystem::exists(save));
    return text;
  };
  const std::string name = "1 tutorial teach: ";
  CHECK(said(own / "A") ==
        name + (own / "A").string() +
            ": expected a folder for each of 2 classes or more, found 0\n");
  CHECK(said(own / "no")
            .rfind(name + (own / "no").string() +
                       ": expected a folder of folders",
                   0) == 0);
  write_file(own / "B/one.png", bytes_of(own / "A/0.png"));
  CHECK(said(own) == name + (own / "B").string() +
                         ": expected 2 pictures or more, found 1\n");
  write_file(own / "B/two.png", "no picture");
  CHECK(said(own).rfind(name + (own / "B/two.png").string() + ": ", 0) ==
        0);
  std::filesystem::remove_all(own / "B");
  std::filesystem::create_directories(own / "A/deeper");
  CHECK(said(own) == name + (own / "A/deeper").string() +
                         ": expected a picture, found a folder\n");
  std::filesystem::remove_all(own / "A/deeper");
  std::filesystem::remove_all(own / "C");
  std::filesystem::remove_all(own / "E");
  CHECK(said(own) ==
        name + own.string() +
            ": expected a folder for each of 2 classes or more, found 1\n");
}

TEST_CASE("teach replaces neither its network nor a file unasked") {
  const TemporaryFolder folder;
  draw_classes(folder);
  const std::string own = (folder / "own").string(),
                    from = (folder / "from").string();
  write_file(from, bytes_of(reader_path()));
  CHECK(called(teach_program, {"teach", own, "--from", from, "--save", from,
                               "--overwrite"}) ==
        "2 tutorial teach: " +
            file_not_its_own("--save", from, "--from names, too"));
  CHECK(bytes_of(from) == bytes_of(reader_path()));
  CHECK(status_of(teach_program, {"teach", own}) == 2);
  const std::string picture = own + "/A/0.png", kept = bytes_of(picture);
  CHECK(called(teach_program,
               {"teach", own, "--from", from, "--save",
                (folder / "save").string(), "--report", picture}) ==
        "2 tutorial teach: " +
            file_not_its_own("--report", picture,
                             "lies in the folder that DIR names"));
  CHECK(bytes_of(picture) == kept);
}

TEST_CASE("Pictures of one name are drawn into files of their own") {
  const auto figures = figures_of_readings(
      {"a/x.jpg", "b/x.jpg", "a/x.jpg", "c/x-2.png", "x.png", "y"}, "f");
  CHECK(figures == ReadingFigures{{"a/x.jpg", "f/read-x.png"},
                                  {"b/x.jpg", "f/read-x-2.png"},
                                  {"c/x-2.png", "f/read-x-2-2.png"},
                                  {"x.png", "f/read-x-3.png"},
                                  {"y", "f/read-y.png"}});
}

TEST_CASE("read names the picture that it fails with") {
  const TemporaryFolder folder;
  const std::string one = (folder / "one.png").string(),
                    none = (folder / "none.png").string();
  write_file(one, png_bytes(Picture(30, 40)));
  static std::function<void()> fails;
  const auto reads = [](int argc, char** argv) {
    Program program("tutorial read", "", Program::Kind::tool);
    program.arguments("PICTURE", 1, 9, "");
    return program.run(argc, argv, [](Program& it) {
      CHECK(read_each(it, [](const auto&, const auto&) { fails(); }) == 1);
    });
  };
  const std::string began = "tutorial read: " + one + ": ";
  fails = [] { throw std::bad_alloc(); };
  CHECK(said_by(reads, {one}).err == began + "ran out of memory\n");
  fails = [] { fail(Refusal::argument, "Picture: expected a width"); };
  CHECK(said_by(reads, {one}).err == began + "Picture: expected a width\n");
  const std::string error = said_by(reads, {none}).err;
  CHECK(error.rfind("tutorial read: " + none + ": ", 0) == 0);
  CHECK(error.find(none) == error.rfind(none));
}

TEST_CASE("read replaces neither a picture nor its network") {
  const TemporaryFolder folder;
  const std::string one = (folder / "one.png").string(),
                    two = (folder / "read-one.png").string(),
                    weights = (folder / "reader").string(),
                    where = folder.path().string();
  write_file(one, "no picture");
  write_file(two, "nor this");
  write_file(weights, bytes_of(reader_path()));
  const auto refused = [](const std::string& writer,
                          const std::string& file, const std::string& why) {
    return "2 tutorial read: " + file_not_its_own(writer, file, why);
  };
  CHECK(called(read_program, {"read", one, two, "--figures", where}) ==
        refused("--figures", two, "PICTURE names, too"));
  CHECK(called(read_program,
               {"read", one, "--figures", where, "--report", two}) ==
        refused("--figures", two, "--report names, too"));
  CHECK(called(read_program,
               {"read", one, "--weights", weights, "--report", weights}) ==
        refused("--report", weights, "--weights names, too"));
  CHECK(called(read_program, {"read", one, "--figures", two}) ==
        "2 tutorial read: --figures cannot write into '" + two +
            "', because it is not a folder\n");
  const std::string shipped = reader_path().string(),
                    kept = bytes_of(shipped);
  CHECK(called(read_program, {"read", one, "--report", shipped}) ==
        refused("--report", shipped, "is one of the book's own files"));
  if (bytes_of(shipped) != kept) write_file(shipped, kept);
  CHECK(bytes_of(two) == "nor this");
  CHECK(bytes_of(weights) == kept);
}

#endif
