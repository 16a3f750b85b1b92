"""What the steps leave for each other in the folder CACHE: photos in a fixed order (large, small, tiny), a row each in every table."""

import json
import os

import numpy as np

import photos
import sets

ARRAYS = ('large', 'small', 'tiny')


class Cache:
    def __init__(self, directory):
        self.directory = directory
        with open(self.path('photos.json')) as file:
            read = json.load(file)
        self.photos = [sets.Photo(**{**row, 'tags': tuple(row['tags'])}) for name in ('large', 'small') for row in read[name]]
        self.tiny_classes = np.load(self.path('tiny-classes.npy'))
        self.counts = {'large': len(read['large']), 'small': len(read['small']), 'tiny': len(self.tiny_classes)}
        starts = np.cumsum([0, *self.counts.values()])
        self.first = dict(zip(ARRAYS, starts.tolist()))
        self.count = int(starts[-1])
        self.sets = np.array([photo.set for photo in self.photos] + ['tiny'] * self.counts['tiny'])

    def path(self, name):
        return os.path.join(self.directory, name)

    def squares(self, name, training=False):
        """The pictures of one array; `training`: as a network sees them while it learns."""
        if name == 'tiny':
            return np.load(self.path('tiny.npy'), mmap_mode='r')
        return photos.open_array(self.directory, 'training' if training and name == 'large' else name, self.counts[name])

    def load(self, name, mode='r'):
        return np.load(self.path(name), mmap_mode=mode)

    def table(self, name, width, dtype):
        """A table that survives an interruption: opened as it was left, or made of zeros."""
        path = self.path(name)
        mode = 'r+' if os.path.exists(path) else 'w+'
        return np.lib.format.open_memmap(path, mode, dtype=dtype, shape=(self.count, width))
