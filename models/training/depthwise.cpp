// Depthwise 3 x 3 convolutions with one pixel of padding.

#include "bfloat16.h"

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
