// What the host calls to learn whether a network can be trained at all,
// before anything is trained.
// Book: book/18-browser.md
#include "16-saving/fitting.hpp"
#include "18-browser/module.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// In the room: layers, such as conv 8 5, relu, flatten, dense 10. Returns
// how many parameters they have. Refuses layers that cannot tell digits
// apart.
CNN_EXPORT(network_parameters) double network_parameters() {
  const NetworkPlan plan = value_or_fail(
      classifier_plan(
          value_or_fail(parse_architecture(given_text()), "network"),
          {1, 28, 28}, 10),
      "network");
  return value_or_fail(fitting_of(plan.architecture, plan.image), "network")
      .parameters;
}

}  // namespace cnn
