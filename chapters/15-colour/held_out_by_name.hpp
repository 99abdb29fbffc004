// Decides by their files' names which of your own pictures are held out.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// A number that looks random but depends only on the name, so that it is
// the same on every machine, in every run and wherever the file lies.
inline std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 15;
  for (const char letter : name)
    hash = Random(hash ^ static_cast<unsigned char>(letter)).bits();
  return hash;
}

// For the files of one class: true for about one in five, which are held
// out. A picture stays on its side when others are added or removed, so no
// network is ever judged by one that it has learned from. There is one
// exception: if the names leave a side empty, the file with the smallest
// hash is held out, or the one with the largest hash is learned from, and
// that file may change when others are added or removed. Throws
// std::invalid_argument for fewer than 2 names.
inline std::vector<bool> held_out_by_name(
    const std::vector<std::string>& names) {
  if (names.size() < 2)
    fail(Refusal::argument,
         "held_out_by_name: expected 2 names or more, got " +
             std::to_string(names.size()));
  std::vector<std::uint64_t> hashes;
  std::vector<bool> held_out;
  for (const std::string& name : names) {
    hashes.push_back(name_hash(name));
    held_out.push_back(hashes.back() % 5 == 0);
  }
  const auto place_of = [&](auto it) {
    return static_cast<std::size_t>(it - hashes.begin());
  };
  const auto out = std::count(held_out.begin(), held_out.end(), true);
  if (out == 0)
    held_out[place_of(std::min_element(hashes.begin(), hashes.end()))] =
        true;
  if (out == std::ssize(names))
    held_out[place_of(std::max_element(hashes.begin(), hashes.end()))] =
        false;
  return held_out;
}

// Splits the pictures `some` of a set by the names of their files, class by
// class. files[n] is the name of picture n of the set. Both parts are then
// mixed by a fixed shuffle.
// Throws std::invalid_argument for a class with a single picture.
inline Split split_by_name(const Dataset& data,
                           const std::vector<std::string>& files,
                           std::span<const int> some) {
  std::vector<int> learned, held_out;
  for (int k = 0; k < data.classes; ++k) {
    std::vector<int> own;
    std::vector<std::string> names;
    for (const int n : some)
      if (data.labels[static_cast<std::size_t>(n)] == k) {
        own.push_back(n);
        names.push_back(files[static_cast<std::size_t>(n)]);
      }
    if (own.empty()) continue;
    const std::vector<bool> out = held_out_by_name(names);
    for (std::size_t i = 0; i < own.size(); ++i)
      (out[i] ? held_out : learned).push_back(own[i]);
  }
  Random random(28);
  random.shuffle(learned);
  random.shuffle(held_out);
  return {subset(data, learned), subset(data, held_out), ""};
}

}  // namespace cnn
