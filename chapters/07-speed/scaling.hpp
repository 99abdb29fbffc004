// How fast training is with more threads, larger batches, larger images.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "07-speed/bench.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/work.hpp"

namespace cnn {

// The rate as a share of the peak of all cores that the threads can use.
// flops: FLOP for one image; peak: FLOP per second of one core.
inline double share_of_peak(double images_per_second, double flops,
                            double peak, int threads, int processors) {
  return flops * images_per_second / (peak * std::min(threads, processors));
}

// ---- Threads -----------------------------------------------------------

struct ThreadRates {
  int threads = 1;
  double A = 0, B = 0;         // images per second of both networks
  double share_of_peak_B = 0;  // by effective FLOP, as in the ladder
};

// The rates of 1 thread up to `most` threads.
inline std::vector<ThreadRates> compute_thread_rates(int most,
                                                     int processors,
                                                     const std::string& isa,
                                                     double seconds) {
  const Kernels& kernels = kernels_for(isa);
  const Shape image = {1, 28, 28};
  const double flops = 2 * count_work(larger_network, image).training;
  std::vector<ThreadRates> rates;
  for (int t = 1; t <= most; ++t) {
    ThreadRates now{t};
    now.A = training_rate(digit_network, image, 64, t, isa, seconds);
    std::vector<double> peaks;  // in turns with B, since clocks drift
    now.B = training_rate(larger_network, image, 64, t, isa, seconds, [&] {
      peaks.push_back(peak_of_core(kernels, seconds / 12));
    });
    now.share_of_peak_B =
        share_of_peak(now.B, flops, median(peaks), t, processors);
    rates.push_back(now);
  }
  return rates;
}

// ---- Batches and sizes -------------------------------------------------

// Images per second for one size of a batch or of an image.
struct RateAt {
  int size = 0;
  double images_per_second = 0;
};

// Network A, in batches of these sizes.
inline std::vector<RateAt> compute_batch_rates(
    const std::vector<int>& batches, const std::string& isa,
    double seconds) {
  std::vector<RateAt> rates;
  for (const int batch : batches)
    rates.push_back({batch, training_rate(digit_network, {1, 28, 28}, batch,
                                          0, isa, seconds)});
  return rates;
}

// A network of one convolution, on square images of these sizes.
inline std::vector<RateAt> compute_size_rates(const std::vector<int>& sizes,
                                              const std::string& isa,
                                              double seconds) {
  const Architecture one = {Convolution{.channels = 8, .padding = 1},
                            Relu{}, MaxPool{}, Flatten{},
                            Dense{.outputs = 10}};
  std::vector<RateAt> rates;
  for (const int size : sizes)
    rates.push_back(
        {size, training_rate(one, {1, size, size}, 32, 0, isa, seconds)});
  return rates;
}

}  // namespace cnn
