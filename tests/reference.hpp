// Reads values that PyTorch computed, which are in the text files of
// tests/reference; their README describes the format.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/tensor/tensor.hpp"

class Reference {
 public:
  // The file `name` of tests/reference. Throws std::runtime_error that
  // names file and line if it cannot be read.
  explicit Reference(const std::string& name) : name_(name) {
    const auto folder = std::filesystem::path(CNN_SOURCE_FOLDER) / "tests";
    std::ifstream file(folder / "reference" / name);
    if (!file) throw std::runtime_error(name + ": the file cannot be read");
    read(file);
  }

  // The same from any stream; `name` stands in the error messages.
  Reference(const std::string& name, std::istream& file) : name_(name) {
    read(file);
  }

  // Throws std::runtime_error if the file has no such tensor.
  const cnn::Tensor<double>& operator[](const std::string& tensor) const {
    const auto found = tensors_.find(tensor);
    if (found == tensors_.end())
      throw std::runtime_error(name_ + ": no tensor " + tensor);
    return found->second;
  }

  // The part of the tensors' names before the first dot, each once, in the
  // file's order.
  const std::vector<std::string>& cases() const { return cases_; }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(name_ + ":" + std::to_string(line_) + ": " +
                             what);
  }

  void read(std::istream& file) {
    std::string line, tensor;
    cnn::Shape shape;
    std::vector<double> numbers;
    while (std::getline(file, line)) {
      ++line_;
      if (line.empty() || line[0] == '#' || line[0] == '\r') continue;
      if (std::isalpha(static_cast<unsigned char>(line[0]))) {
        finish(tensor, shape, numbers);
        read_header(line, tensor, shape);
      } else if (tensor.empty()) {
        fail("expected a tensor's name, found '" + line + "'");
      } else {
        read_numbers(line, numbers);
      }
    }
    finish(tensor, shape, numbers);
  }

  // "case.name 2 3 4"
  void read_header(const std::string& line, std::string& tensor,
                   cnn::Shape& shape) {
    std::istringstream words(line);
    words >> tensor;
    shape.clear();
    for (int extent; words >> extent;) shape.push_back(extent);
    if (!words.eof()) fail("expected extents, found '" + line + "'");
    if (tensors_.count(tensor) > 0) fail("a second tensor " + tensor);
  }

  void read_numbers(const std::string& line, std::vector<double>& numbers) {
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      char* end = nullptr;  // strtod, because >> refuses tiny numbers
      numbers.push_back(std::strtod(word.c_str(), &end));
      if (*end != '\0') fail("expected a number, found '" + word + "'");
    }
  }

  void finish(const std::string& tensor, const cnn::Shape& shape,
              std::vector<double>& numbers) {
    if (tensor.empty()) return;
    const auto expected =
        static_cast<std::size_t>(cnn::element_count(shape));
    if (numbers.size() != expected)
      fail("expected " + std::to_string(expected) + " numbers for " +
           tensor + " before this line's end, found " +
           std::to_string(numbers.size()));
    tensors_.emplace(tensor, cnn::Tensor<double>(shape, numbers));
    numbers.clear();
    const std::string name = tensor.substr(0, tensor.find('.'));
    if (std::find(cases_.begin(), cases_.end(), name) == cases_.end())
      cases_.push_back(name);
  }

  std::string name_;
  int line_ = 0;
  std::map<std::string, cnn::Tensor<double>> tensors_;
  std::vector<std::string> cases_;
};
