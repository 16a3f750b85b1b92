// Batch norm with its ReLU, by the batch's own statistics.

#include "bfloat16.h"

namespace {

// Rows of a tile stay in the cache between the passes over their columns.
constexpr int64_t TILE_BYTES = 128 << 10;

// N x C x H x W as rows of channels; narrow rows are joined so that a vector is full.
struct Rows {
  int64_t count, width, joined;
  explicit Rows(const Tensor& x) : count(x.numel() / x.size(1)), width(x.size(1)), joined(1) {
    while ((width % 16 || width < 32) && joined < 16) {
      width *= 2, count /= 2, joined *= 2;
    }
    TORCH_CHECK(width % 16 == 0 && count * width == x.numel(), "channels times pixels must fill vectors of 16");
  }
};

// Calls each(block, row range, column) for tiles of rows and blocks of columns.
template <class Each48, class Each16>
void over_tiles(const Rows& rows, Each48 each48, Each16 each16) {
  const int64_t tile = std::max<int64_t>(1, TILE_BYTES / (2 * rows.width));
  for (int64_t first = 0; first < rows.count; first += tile) {
    const int64_t last = std::min(rows.count, first + tile);
    int64_t column = 0;
    for (; column + 48 <= rows.width; column += 48) each48(first, last, column);
    for (; column < rows.width; column += 16) each16(first, last, column);
  }
}

template <int B>
void add_moments(const uint16_t* x, const Rows& rows, int64_t first, int64_t last, int64_t column, double* sums, double* squares) {
  float sum[B] = {}, square[B] = {};
  for (int64_t row = first; row < last; row++) {
    const uint16_t* from = x + row * rows.width + column;
    for (int i = 0; i < B; i++) {
      const float value = widened(from[i]);
      sum[i] += value;
      square[i] += value * value;
    }
  }
  for (int i = 0; i < B; i++) sums[column + i] += sum[i], squares[column + i] += square[i];
}

template <int B>
void add_gradients(const uint16_t* x, const uint16_t* gradient, const float* scale, const float* shift, const Rows& rows,
                   int64_t first, int64_t last, int64_t column, double* sums, double* products) {
  float sum[B] = {}, product[B] = {}, a[B], b[B];
  for (int i = 0; i < B; i++) a[i] = scale[column + i], b[i] = shift[column + i];
  for (int64_t row = first; row < last; row++) {
    const uint16_t *from = x + row * rows.width + column, *of = gradient + row * rows.width + column;
    for (int i = 0; i < B; i++) {
      const float value = widened(from[i]);
      const float passes = value * a[i] + b[i] > 0 ? 1.f : 0.f, g = passes * widened(of[i]);
      sum[i] += g;
      product[i] += g * value;
    }
  }
  for (int i = 0; i < B; i++) sums[column + i] += sum[i], products[column + i] += product[i];
}

// A channel's numbers, as often as its row was joined.
std::vector<float> repeated(const std::vector<float>& values, const Rows& rows) {
  std::vector<float> all;
  for (int64_t i = 0; i < rows.joined; i++) all.insert(all.end(), values.begin(), values.end());
  return all;
}

std::vector<double> folded(const std::vector<double>& values, int64_t channels) {
  std::vector<double> result(channels);
  for (size_t i = 0; i < values.size(); i++) result[i % channels] += values[i];
  return result;
}

struct Scales {
  std::vector<float> scale, shift;
};

Scales scales_of(const Tensor& weight, const Tensor& bias, const Tensor& mean, const Tensor& deviation) {
  const int64_t channels = weight.numel();
  Scales result{std::vector<float>(channels), std::vector<float>(channels)};
  for (int64_t c = 0; c < channels; c++) {
    result.scale[c] = weight.data_ptr<float>()[c] * deviation.data_ptr<float>()[c];
    result.shift[c] = bias.data_ptr<float>()[c] - mean.data_ptr<float>()[c] * result.scale[c];
  }
  return result;
}

}  // namespace

// relu(batch norm(x)), the batch's mean, and one over its deviation.
std::vector<Tensor> norm_relu(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon) {
  check(x);
  const int64_t channels = x.size(1);
  const Rows rows(x);
  std::vector<double> sums(rows.width), squares(rows.width);
  const auto* from = bits(x);
  over_tiles(
      rows, [&](auto a, auto b, auto c) { add_moments<48>(from, rows, a, b, c, sums.data(), squares.data()); },
      [&](auto a, auto b, auto c) { add_moments<16>(from, rows, a, b, c, sums.data(), squares.data()); });
  const auto sum = folded(sums, channels), square = folded(squares, channels);
  const double count = double(x.numel()) / channels;
  Tensor mean = torch::empty({channels}), deviation = torch::empty({channels});
  for (int64_t c = 0; c < channels; c++) {
    const double average = sum[c] / count;
    mean.data_ptr<float>()[c] = average;
    deviation.data_ptr<float>()[c] = 1 / std::sqrt(std::max(0.0, square[c] / count - average * average) + epsilon);
  }
  const Scales each = scales_of(weight, bias, mean, deviation);
  const auto scale = repeated(each.scale, rows), shift = repeated(each.shift, rows);
  Tensor y = torch::empty_like(x);
  auto* to = bits_of(y);
  const float *a = scale.data(), *b = shift.data();
  for (int64_t row = 0; row < rows.count; row++) {
    const uint16_t* in = from + row * rows.width;
    uint16_t* out = to + row * rows.width;
#pragma GCC ivdep
    for (int64_t i = 0; i < rows.width; i++) out[i] = rounded(std::max(0.f, widened(in[i]) * a[i] + b[i]));
  }
  return {y, mean, deviation};
}

// The gradients of x, of the weight and of the bias.
std::vector<Tensor> norm_relu_backward(const Tensor& gradient, const Tensor& x, const Tensor& weight, const Tensor& bias,
                                       const Tensor& mean, const Tensor& deviation) {
  check(x);
  check(gradient);
  const int64_t channels = x.size(1);
  const Rows rows(x);
  const Scales each = scales_of(weight, bias, mean, deviation);
  const auto scale = repeated(each.scale, rows), shift = repeated(each.shift, rows);
  std::vector<double> sums(rows.width), products(rows.width);
  const auto *from = bits(x), *of = bits(gradient);
  const float *a = scale.data(), *b = shift.data();
  over_tiles(
      rows, [&](auto f, auto l, auto c) { add_gradients<48>(from, of, a, b, rows, f, l, c, sums.data(), products.data()); },
      [&](auto f, auto l, auto c) { add_gradients<16>(from, of, a, b, rows, f, l, c, sums.data(), products.data()); });
  const auto sum = folded(sums, channels), product = folded(products, channels);
  const double count = double(x.numel()) / channels;
  Tensor of_weight = torch::empty({channels}), of_bias = torch::empty({channels});
  std::vector<float> slope(channels), level(channels);
  for (int64_t c = 0; c < channels; c++) {
    const double m = mean.data_ptr<float>()[c], d = deviation.data_ptr<float>()[c];
    const double own = (product[c] - m * sum[c]) * d;
    of_weight.data_ptr<float>()[c] = own;
    of_bias.data_ptr<float>()[c] = sum[c];
    slope[c] = -d * each.scale[c] * own / count;
    level[c] = -each.scale[c] * sum[c] / count - slope[c] * m;
  }
  const auto slopes = repeated(slope, rows), levels = repeated(level, rows);
  const float *p = slopes.data(), *q = levels.data();
  Tensor of_x = torch::empty_like(x);
  auto* to = bits_of(of_x);
  for (int64_t row = 0; row < rows.count; row++) {
    const uint16_t *in = from + row * rows.width, *g = of + row * rows.width;
    uint16_t* out = to + row * rows.width;
#pragma GCC ivdep
    for (int64_t i = 0; i < rows.width; i++) {
      const float value = widened(in[i]);
      const float passed = (value * a[i] + b[i] > 0 ? 1.f : 0.f) * widened(g[i]);
      out[i] = rounded(a[i] * passed + p[i] * value + q[i]);
    }
  }
  return {of_x, of_weight, of_bias};
}
