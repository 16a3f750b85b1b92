"""The photos that are trained on: public repositories, by the short names that vocabulary.txt uses for them."""

import gzip
import os
import subprocess
from dataclasses import dataclass

NAMES = {
    'CRLarry/Miniplaces': 'mp',
    'ndb796/Scene-Classification-Dataset': 'scene',
    'karibays/Sports-Image-Classification': 'sports',
    'Semih-S/CNN-Image-Classification': 'butterfly',
    'MachineLearning2020/Homework2-Caltech101': 'caltech',
    'alonw/image-classifier-102': 'flowers102',
    'alexeygrigorev/clothing-dataset': 'clothing',
    'srohit0/food_mnist': 'food_mnist',
    'Neilus03/GAN_food101': 'food101',
    'surhud004/Foodish': 'foodish',
    'aleksandar-aleksandrov/groceries-object-detection-dataset': 'grocery',
    'Oldpel/flower_photos': 'flowers5',
    'khalilnouisser/Dataset-alcoolic-drinks': 'drinks',
    'smsjb/voc': 'voc',
    'emanhamed/Houses-dataset': 'houses',
    'bearpaw/clothing-co-parsing': 'ccp',
    'InputBlackBoxOutput/popular-animals-dataset': 'animals',
    'MachineLearning2020/Homework3-PACS': 'pacs',
    'shubhankarm01/Weather-image-classification': 'weather1',
    'ndb796/weather_dataset': 'weather2',
    'ardamavi/Dog-Cat-Classifier': 'pets',
    'Naveen-Dodda/Sample_Pets_dataset': 'pets',
    'ajayreddyfsd/Paw-dentify': 'pets',
    'single-ton/Cats_and_Dogs': 'pets',
    'BIDS/BSDS500': 'bsds',
    'lightly-ai/coco128_yolo': 'coco',
}
# Photos of one kind, alike: a sample is enough.
AT_MOST = {'butterfly': 2500, 'grocery': 1500}
# Sets whose photos have at most 150 pixels.
SMALL = ('mp', 'scene')


@dataclass(frozen=True)
class Photo:
    set: str
    repository: str
    blob: str
    path: str
    tags: tuple


@dataclass(frozen=True)
class Leaf:
    name: str
    synonyms: tuple
    parents: tuple
    sources: tuple


def read_index(path):
    """The photos of an index: repository, blob, bytes, path and tags a line, separated by tabs, the first line its head."""
    with gzip.open(path, 'rt') as file:
        next(file)
        for line in file:
            repository, blob, _, where, tags = line.rstrip('\n').split('\t')
            yield Photo(NAMES[repository], repository, blob, where, tuple(tag for tag in tags.split('|') if tag))


def read_vocabulary(path=os.path.join(os.path.dirname(__file__), 'vocabulary.txt')):
    """The labels, in the order of the classifier's outputs."""
    with open(path) as file:
        lines = [line.rstrip('\n') for line in file if line.strip() and not line.startswith('#')]
    rows = [[part.strip() for part in line.split('|')] for line in lines]
    return [
        Leaf(name, *(tuple(x for x in part.split(',') if x) for part in (synonyms, parents)), tuple(sources.split()))
        for name, synonyms, parents, sources in rows
    ]


class Blobs:
    """Reads blobs of the repositories below `mirror`, OWNER+NAME/repo each, as a git directory or a work tree."""

    def __init__(self, mirror):
        self.mirror, self.processes = mirror, {}

    def read(self, repository, blob):
        """The blob's content; a LookupError where the copy lacks it."""
        process = self.processes.get(repository) or self.start(repository)
        process.stdin.write(f'{blob}\n'.encode())
        process.stdin.flush()
        about = process.stdout.readline().split()
        if about[1] == b'missing':
            raise LookupError(f'{repository} has no {blob}')
        size = int(about[2])
        content = process.stdout.read(size)
        process.stdout.read(1)
        return content

    def start(self, repository):
        directory = git_directory(self.mirror, repository)
        command = ['git', '--git-dir', directory, 'cat-file', '--batch']
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.processes[repository] = process
        return process


def git_directory(mirror, repository):
    directory = os.path.join(mirror, repository.replace('/', '+'), 'repo')
    inside = os.path.join(directory, '.git')
    return inside if os.path.isdir(inside) else directory
