"""Stands in for the libraries that trainers import and that converting rows does not use, and for a tokenizer.

The code of the trainers runs as it is. A library that is not installed becomes a module whose names are empty classes; one that is called
for a result gives something on which the check fails, so a stub cannot pass for the real thing.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import logging
import re
import sys
import types

LIBRARIES = (
    "accelerate addict codetiming datasets deepspeed fsspec huggingface_hub hydra json_repair megatron modelscope numpy omegaconf packaging "
    "pandas peft PIL psutil pyarrow ray requests safetensors sentencepiece tensordict tiktoken torch torchaudio torchvision tqdm "
    "transformers transformers_stream_generator urllib3 vllm yaml"
).split()


class Lenient(type):
    """Classes that may be subscripted, joined by | and asked for any name."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return named(name)

    def __getitem__(cls, key):
        return cls

    def __or__(cls, other):
        return cls

    __ror__ = __or__

    def __iter__(cls):
        return iter(())


class Nothing:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, first=None, *args, **kwargs):
        # As a decorator, it leaves what it decorates as it is.
        return first if callable(first) else Nothing()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return named(name)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


def named(name):
    return Lenient(name, (Nothing,), {}) if name.lstrip("_")[:1].isupper() else Nothing()


class Module(types.ModuleType):
    __path__ = []
    __version__ = "99.0.0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = named(name)
        setattr(self, name, made)
        return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names):
        self.names = names

    def find_spec(self, fullname, path=None, target=None):
        if fullname.split(".")[0] in self.names:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


def install(source):
    """Makes the trainer's sources importable, and the libraries that are missing empty."""
    missing = [name for name in LIBRARIES if name not in sys.modules and importlib.util.find_spec(name) is None]
    sys.meta_path.append(Finder(missing))
    sys.path.insert(0, source)
    if "packaging" in missing:
        # Trainers choose between old and new libraries by their versions.
        version = importlib.import_module("packaging.version")
        version.Version = version.parse = lambda text: tuple(map(int, re.findall(r"\d+", str(text))))
        importlib.import_module("packaging").version = version


def package(name, folder):
    """A package without its own __init__, which would import the whole trainer."""
    module = types.ModuleType(name)
    module.__path__ = [folder]
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


class Warnings(logging.Handler):
    """Counts what a trainer warns about."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage()[:300])


class Characters:
    """A tokenizer of one token a character; each special token is one token."""

    SPECIAL = re.compile(r"(<\|[a-z_]+\|>)")
    FIRST = 0x110000

    def __init__(self):
        self.specials = []
        self.eos_token = "<|im_end|>"
        self.pad_token = "<|endoftext|>"
        self.bos_token = None
        self.bos_token_id = None
        self.chat_template = None

    @property
    def eos_token_id(self):
        return self.convert_tokens_to_ids(self.eos_token)

    @property
    def pad_token_id(self):
        return self.convert_tokens_to_ids(self.pad_token)

    def convert_tokens_to_ids(self, token):
        if token not in self.specials:
            self.specials.append(token)
        return self.FIRST + self.specials.index(token)

    def encode(self, text, add_special_tokens=False):
        ids = []
        for part in self.SPECIAL.split(text):
            if self.SPECIAL.fullmatch(part):
                ids.append(self.convert_tokens_to_ids(part))
            else:
                ids.extend(map(ord, part))
        return ids

    def __call__(self, text, **kwargs):
        return {"input_ids": self.encode(text)}

    def decode(self, ids, **kwargs):
        return "".join(self.specials[i - self.FIRST] if i >= self.FIRST else chr(i) for i in ids)

    def add_special_tokens(self, tokens, **kwargs):
        return 0


def segments(ids, labels, ignored=-100):
    """The runs of tokens under loss."""
    runs, open_run = [], False
    for token, label in zip(ids, labels, strict=True):
        if label == ignored:
            open_run = False
        elif open_run:
            runs[-1].append(token)
        else:
            runs.append([token])
            open_run = True
    return runs
