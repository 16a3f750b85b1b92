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
    """Torch tensors by name, as float32."""
    write_tensors(path, {name: tensor.contiguous().float().numpy() for name, tensor in tensors.items()})


def write_tensors(path, arrays, metadata=None):
    """Arrays by name, of float32, float16 or int8 as they are; `metadata`: texts by name."""
    header, offset, parts = {'__metadata__': metadata} if metadata else {}, 0, []
    for name, array in arrays.items():
        dtype = {'f4': 'F32', 'f2': 'F16', 'i1': 'I8'}[array.dtype.str[1:]]
        content = array.astype(array.dtype.newbyteorder('<')).tobytes()
        header[name] = {'dtype': dtype, 'shape': list(array.shape), 'data_offsets': [offset, offset + len(content)]}
        offset += len(content)
        parts.append(content)
    encoded = json.dumps(header).encode()
    encoded += b' ' * (-len(encoded) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(encoded)) + encoded + b''.join(parts))
