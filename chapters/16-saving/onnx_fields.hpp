// Our own ONNX file taken apart for reading by eye. It trusts what it
// reads: the bytes come from onnx_bytes().
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "16-saving/file_fields.hpp"
#include "16-saving/onnx.hpp"

namespace cnn {

// How many bytes the varint that begins at byte `at` has.
inline std::size_t varint_size(const std::string& bytes, std::size_t at) {
  std::size_t size = 1;
  while ((static_cast<unsigned char>(bytes[at + size - 1]) & 0x80u) != 0)
    ++size;
  return size;
}

// A field of a message: its number, the byte at which its key begins, and
// the bytes of its value, `value` ... end - 1.
struct MessageField {
  std::uint64_t number = 0;
  std::size_t begin = 0, value = 0, end = 0;
};

// The fields of the message in bytes begin ... end - 1, of kinds 0 and 2
// only (see protobuf.hpp). A number's value is all that follows its key;
// the value of bytes begins after their length.
inline std::vector<MessageField> message_fields(const std::string& bytes,
                                                std::size_t begin,
                                                std::size_t end) {
  const auto varint_at = [&](std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = varint_size(bytes, at); i-- > 0;)
      number =
          number << 7 | (static_cast<unsigned char>(bytes[at + i]) & 0x7fu);
    return number;
  };
  std::vector<MessageField> fields;
  for (std::size_t at = begin; at < end; at = fields.back().end) {
    const std::uint64_t key = varint_at(at);
    MessageField field = {key >> 3, at, at + varint_size(bytes, at), 0};
    field.end = field.value + varint_size(bytes, field.value);
    if ((key & 7u) == 2) {
      const auto length = static_cast<std::size_t>(varint_at(field.value));
      field.value = field.end;
      field.end += length;
    }
    fields.push_back(field);
  }
  return fields;
}

// The value of a message's first field of this number, as text.
inline std::string message_text(const std::string& bytes,
                                const MessageField& message,
                                std::uint64_t number) {
  for (const MessageField& field :
       message_fields(bytes, message.value, message.end))
    if (field.number == number)
      return bytes.substr(field.value, field.end - field.value);
  return "";
}

// Adds the parts of the graph: its layers, its name, its numbers, its input
// and its output.
inline void append_graph_fields(std::vector<FileField>& fields,
                                const std::string& bytes,
                                const MessageField& graph) {
  for (const MessageField& part :
       message_fields(bytes, graph.value, graph.end)) {
    if (part.number == 1)
      fields.push_back({part.begin, part.end,
                        "1: a layer, " + message_text(bytes, part, 4)});
    if (part.number == 2)
      fields.push_back({part.begin, part.end, "2: the graph's name"});
    if (part.number == 5) {  // a tensor, whose numbers come last
      const std::size_t numbers =
          part.end - message_text(bytes, part, 9).size();
      const std::string name = message_text(bytes, part, 8);
      fields.push_back(
          {part.begin, numbers, "5: shape, type and name of " + name});
      fields.push_back({numbers, part.end, "   numbers of " + name});
    }
    if (part.number == 11)
      fields.push_back({part.begin, part.end, "11: what goes in"});
    if (part.number == 12)
      fields.push_back({part.begin, part.end, "12: what comes out"});
  }
}

// The fields of the file that onnx_bytes() wrote, in order and without
// gaps, each with its number.
inline std::vector<FileField> onnx_fields(const std::string& bytes) {
  std::vector<FileField> fields;
  for (const MessageField& part : message_fields(bytes, 0, bytes.size())) {
    if (part.number == 1)
      fields.push_back({part.begin, part.end, "1: IR version"});
    if (part.number == 2)
      fields.push_back({part.begin, part.end, "2: who wrote it"});
    if (part.number == 7) {
      fields.push_back({part.begin, part.value,
                        "7: a graph of " +
                            std::to_string(part.end - part.value) +
                            " bytes; in it"});
      append_graph_fields(fields, bytes, part);
    }
    if (part.number == 8)
      fields.push_back({part.begin, part.end, "8: which operators"});
  }
  return fields;
}

}  // namespace cnn
