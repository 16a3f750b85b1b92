// Batch norm with its ReLU, and depthwise 3 x 3 convolutions, forward and backward: bfloat16, channels last, one thread.
// PyTorch spends four fifths of a step on these, most of it waiting for memory. Plain loops that a compiler turns into vectors.

#include "bfloat16.h"

std::vector<Tensor> norm_relu(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon);
std::vector<Tensor> norm_relu_backward(const Tensor& gradient, const Tensor& x, const Tensor& weight, const Tensor& bias,
                                       const Tensor& mean, const Tensor& deviation);
Tensor depthwise(const Tensor& x, const Tensor& filters, int64_t stride);
Tensor depthwise_backward_filters(const Tensor& gradient, const Tensor& x, const Tensor& filters, int64_t stride);
Tensor depthwise_backward_input(const Tensor& gradient, const Tensor& like, const Tensor& filters, int64_t stride);

PYBIND11_MODULE(TORCH_EXTENSION_NAME, module) {
  module.def("norm_relu", &norm_relu);
  module.def("norm_relu_backward", &norm_relu_backward);
  module.def("depthwise", &depthwise);
  module.def("depthwise_backward_filters", &depthwise_backward_filters);
  module.def("depthwise_backward_input", &depthwise_backward_input);
}
