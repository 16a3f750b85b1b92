"""Files of weights: https://github.com/huggingface/safetensors, without its library: a header in JSON and the numbers."""

import json
import struct

import numpy as np
import torch


def read_safetensors(path):
    """Tensors by name, in float32; F16 and F32 are read."""
    with open(path, 'rb') as file:
        header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        content = file.read()
    header.pop('__metadata__', None)
    return {
        name: torch.from_numpy(
            np.frombuffer(content[slice(*entry['data_offsets'])], {'F16': '<f2', 'F32': '<f4'}[entry['dtype']])
            .astype('f4').reshape(entry['shape'])
        )
        for name, entry in header.items()
    }


def write_safetensors(path, tensors):
    header, offset, parts = {}, 0, []
    for name, tensor in tensors.items():
        content = tensor.contiguous().float().numpy().astype('<f4').tobytes()
        header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [offset, offset + len(content)]}
        offset += len(content)
        parts.append(content)
    encoded = json.dumps(header).encode()
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(encoded)) + encoded + b''.join(parts))
