// Tensors of bfloat16 as their bits, which loops widen to floats and round again.

#pragma once

#include <torch/extension.h>

#include <cstring>
#include <vector>

using torch::Tensor;

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

inline const uint16_t* bits(const Tensor& x) { return reinterpret_cast<const uint16_t*>(x.data_ptr<at::BFloat16>()); }
inline uint16_t* bits_of(Tensor& x) { return reinterpret_cast<uint16_t*>(x.data_ptr<at::BFloat16>()); }

inline void check(const Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kBFloat16 && x.is_contiguous(at::MemoryFormat::ChannelsLast), "bfloat16, channels last");
}
