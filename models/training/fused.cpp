// Batch norm with its ReLU, and depthwise 3 x 3 convolutions, forward and backward: bfloat16, channels last, one thread.
// PyTorch spends four fifths of a step on these, most of it waiting for memory. Plain loops that a compiler turns into vectors.

#include <torch/extension.h>

#include <cstring>
#include <vector>

using torch::Tensor;

namespace {

// Rows of a tile stay in the cache between the passes over their columns.
constexpr int64_t TILE_BYTES = 128 << 10;

inline float widened(uint16_t bits) {
  const uint32_t all = uint32_t(bits) << 16;
  float value;
  std::memcpy(&value, &all, 4);
  return value;
}

inline uint16_t rounded(float value) {
  uint32_t all;
  std::memcpy(&all, &value, 4);
  return (all + 0x7fff + ((all >> 16) & 1)) >> 16;
}

const uint16_t* bits(const Tensor& x) { return reinterpret_cast<const uint16_t*>(x.data_ptr<at::BFloat16>()); }
uint16_t* bits_of(Tensor& x) { return reinterpret_cast<uint16_t*>(x.data_ptr<at::BFloat16>()); }

void check(const Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kBFloat16 && x.is_contiguous(at::MemoryFormat::ChannelsLast), "bfloat16, channels last");
}

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

namespace {

// Channels are taken in sixteens, and the eight that may be left.
constexpr int BLOCK = 8;

// Three rows of an image in float32, one pixel of padding on both sides.
struct Ring {
  int64_t width, channels, stride;
  std::vector<float> values;
  Ring(int64_t width, int64_t channels) : width(width), channels(channels), stride((width + 2) * channels), values(3 * stride) {}
  float* row(int64_t y) { return values.data() + ((y + 3) % 3) * stride; }
  void clear(int64_t y) { std::fill_n(row(y), stride, 0.f); }
  void read(const uint16_t* image, int64_t y, int64_t height) {
    if (y < 0 || y >= height) return clear(y);
    float* to = row(y) + channels;
    const uint16_t* from = image + y * width * channels;
    for (int64_t i = 0; i < width * channels; i++) to[i] = widened(from[i]);
  }
  void write(uint16_t* image, int64_t y) {
    const float* from = row(y) + channels;
    uint16_t* to = image + y * width * channels;
    for (int64_t i = 0; i < width * channels; i++) to[i] = rounded(from[i]);
  }
};

// Filters C x 1 x 3 x 3 as 9 x C.
std::vector<float> taps(const Tensor& filters) {
  const int64_t channels = filters.size(0);
  std::vector<float> result(9 * channels);
  for (int64_t c = 0; c < channels; c++)
    for (int k = 0; k < 9; k++) result[k * channels + c] = filters.data_ptr<float>()[c * 9 + k];
  return result;
}

template <int B>
struct Lanes;
template <>
struct Lanes<16> {
  typedef float Vector __attribute__((vector_size(64)));
};
template <>
struct Lanes<8> {
  typedef float Vector __attribute__((vector_size(32)));
};
template <int B>
using Vector = typename Lanes<B>::Vector;

template <class V>
V loaded(const float* from) {
  V value;
  std::memcpy(&value, from, sizeof(V));
  return value;
}

// One row of outputs, a vector of channels.
template <int B>
void convolve(Ring& ring, const float* w, int64_t c, int64_t top, int64_t stride, int64_t outputs, uint16_t* out) {
  using V = Vector<B>;
  const int64_t channels = ring.channels;
  V filter[9];
  for (int k = 0; k < 9; k++) filter[k] = loaded<V>(w + k * channels + c);
  const float* rows[3] = {ring.row(top) + c, ring.row(top + 1) + c, ring.row(top + 2) + c};
  for (int64_t x = 0; x < outputs; x++) {
    V sum = {};
#pragma GCC unroll 9
    for (int k = 0; k < 9; k++) sum += filter[k] * loaded<V>(rows[k / 3] + (x * stride + k % 3) * channels);
#pragma GCC ivdep
    for (int i = 0; i < B; i++) out[x * channels + c + i] = rounded(sum[i]);
  }
}

template <int B>
Vector<B> widened_at(const uint16_t* from) {
  float values[B];
  for (int i = 0; i < B; i++) values[i] = widened(from[i]);
  return loaded<Vector<B>>(values);
}

// What one row of gradients adds to those of the filters.
template <int B>
void correlate(Ring& ring, float* of_w, int64_t c, int64_t top, int64_t stride, int64_t outputs, const uint16_t* gradient) {
  using V = Vector<B>;
  const int64_t channels = ring.channels;
  V sums[9] = {};
  const float* rows[3] = {ring.row(top) + c, ring.row(top + 1) + c, ring.row(top + 2) + c};
  for (int64_t x = 0; x < outputs; x++) {
    const V g = widened_at<B>(gradient + x * channels + c);
#pragma GCC unroll 9
    for (int k = 0; k < 9; k++) sums[k] += g * loaded<V>(rows[k / 3] + (x * stride + k % 3) * channels);
  }
  for (int k = 0; k < 9; k++)
    for (int i = 0; i < B; i++) of_w[k * channels + c + i] += sums[k][i];
}

// What one row of gradients adds to those of three rows of inputs.
template <int B>
void spread(Ring& of_ring, const float* w, int64_t c, int64_t top, int64_t stride, int64_t outputs, const uint16_t* gradient) {
  using V = Vector<B>;
  const int64_t channels = of_ring.channels;
  V filter[9];
  for (int k = 0; k < 9; k++) filter[k] = loaded<V>(w + k * channels + c);
  float* rows[3] = {of_ring.row(top) + c, of_ring.row(top + 1) + c, of_ring.row(top + 2) + c};
  for (int64_t x = 0; x < outputs; x++) {
    const V g = widened_at<B>(gradient + x * channels + c);
#pragma GCC unroll 9
    for (int k = 0; k < 9; k++) {
      float* to = rows[k / 3] + (x * stride + k % 3) * channels;
      const V sum = loaded<V>(to) + g * filter[k];
      std::memcpy(to, &sum, sizeof(V));
    }
  }
}

// Calls wide for vectors of 16 channels, and narrow for the eight that may be left.
template <class Wide, class Narrow>
void over_channels(int64_t channels, Wide wide, Narrow narrow) {
  int64_t c = 0;
  for (; c + 16 <= channels; c += 16) wide(c);
  for (; c < channels; c += BLOCK) narrow(c);
}

}  // namespace

// A depthwise 3 x 3 convolution with one pixel of padding; the filters in float32.
Tensor depthwise(const Tensor& x, const Tensor& filters, int64_t stride) {
  check(x);
  const int64_t count = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
  const int64_t rows = (height - 1) / stride + 1, columns = (width - 1) / stride + 1;
  Tensor y = torch::empty({count, channels, rows, columns}, x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const auto w = taps(filters);
  Ring ring(width, channels);
  for (int64_t n = 0; n < count; n++) {
    const uint16_t* image = bits(x) + n * height * width * channels;
    uint16_t* out = bits_of(y) + n * rows * columns * channels;
    int64_t next = -1;
    for (int64_t row = 0; row < rows; row++) {
      const int64_t top = row * stride - 1;
      for (; next < top + 3; next++) ring.read(image, next, height);
      uint16_t* to = out + row * columns * channels;
      over_channels(
          channels, [&](auto c) { convolve<16>(ring, w.data(), c, top, stride, columns, to); },
          [&](auto c) { convolve<BLOCK>(ring, w.data(), c, top, stride, columns, to); });
    }
  }
  return y;
}

// The gradient of the filters.
Tensor depthwise_backward_filters(const Tensor& gradient, const Tensor& x, const Tensor& filters, int64_t stride) {
  check(x);
  check(gradient);
  const int64_t count = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
  const int64_t rows = gradient.size(2), columns = gradient.size(3);
  std::vector<double> sums(9 * channels);
  Ring ring(width, channels);
  for (int64_t n = 0; n < count; n++) {
    const uint16_t* image = bits(x) + n * height * width * channels;
    std::vector<float> own(9 * channels);
    int64_t next = -1;
    for (int64_t row = 0; row < rows; row++) {
      const int64_t top = row * stride - 1;
      for (; next < top + 3; next++) ring.read(image, next, height);
      const uint16_t* g = bits(gradient) + (n * rows + row) * columns * channels;
      over_channels(
          channels, [&](auto c) { correlate<16>(ring, own.data(), c, top, stride, columns, g); },
          [&](auto c) { correlate<BLOCK>(ring, own.data(), c, top, stride, columns, g); });
    }
    for (int64_t i = 0; i < 9 * channels; i++) sums[i] += own[i];
  }
  Tensor result = torch::empty_like(filters);
  for (int64_t c = 0; c < channels; c++)
    for (int k = 0; k < 9; k++) result.data_ptr<float>()[c * 9 + k] = sums[k * channels + c];
  return result;
}

// The gradient of x, of the shape of `like`.
Tensor depthwise_backward_input(const Tensor& gradient, const Tensor& like, const Tensor& filters, int64_t stride) {
  check(gradient);
  // With a stride of 1 it is a convolution by the filters turned round.
  if (stride == 1) return depthwise(gradient, filters.flip({2, 3}).contiguous(), 1);
  const int64_t count = like.size(0), channels = like.size(1), height = like.size(2), width = like.size(3);
  const int64_t rows = gradient.size(2), columns = gradient.size(3);
  Tensor of_x = torch::empty_like(like);
  const auto w = taps(filters);
  Ring of_ring(width, channels);
  for (int64_t n = 0; n < count; n++) {
    uint16_t* out = bits_of(of_x) + n * height * width * channels;
    int64_t next = -1;
    for (int64_t row = 0; row < rows; row++) {
      const int64_t top = row * stride - 1;
      for (; next < top + 3; next++) {
        if (next - 3 >= 0) of_ring.write(out, next - 3);
        of_ring.clear(next);
      }
      const uint16_t* g = bits(gradient) + (n * rows + row) * columns * channels;
      over_channels(
          channels, [&](auto c) { spread<16>(of_ring, w.data(), c, top, stride, columns, g); },
          [&](auto c) { spread<BLOCK>(of_ring, w.data(), c, top, stride, columns, g); });
    }
    for (int64_t y = std::max<int64_t>(0, next - 3); y < height; y++) {
      if (y >= next) of_ring.clear(y);
      of_ring.write(out, y);
    }
  }
  return of_x;
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, module) {
  module.def("norm_relu", &norm_relu);
  module.def("norm_relu_backward", &norm_relu_backward);
  module.def("depthwise", &depthwise);
  module.def("depthwise_backward_filters", &depthwise_backward_filters);
  module.def("depthwise_backward_input", &depthwise_backward_input);
}
