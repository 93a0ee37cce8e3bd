"""Runs verl's own MultiTurnSFTDataset, by the subclass of an export, over its rows: verl_sft.py SOURCE EXPORT ROWS-AS-JSON-LINES

Its tokenizer renders ChatML with one token a character, each message as in the whole dialogue.
"""

import importlib.util
import json
import sys

import stubs

source, export, rows_file = sys.argv[1:]
stubs.install(source)
for name in ("", ".models", ".models.transformers", ".utils", ".utils.dataset", ".utils.tokenizer"):
    stubs.package(f"verl{name}", f"{source}/verl{name.replace('.', '/')}")
for name in ("models.transformers.qwen2_vl", "utils.dataset.vision_utils", "utils.fs", "utils.py_functional", "utils.tokenizer.tokenizer"):
    sys.modules[f"verl.{name}"] = stubs.Module(f"verl.{name}")
sys.modules["verl.utils"].hf_tokenizer = None
sys.modules["verl.utils.fs"].copy_local_path_from_hdfs = lambda path, **kwargs: path
sys.modules["verl.utils.py_functional"].convert_nested_value_to_list_recursive = lambda value: value
sys.modules["verl.utils.tokenizer.tokenizer"].normalize_token_ids = lambda ids: ids


class Tensor(list):
    """The part of torch.Tensor that a dataset of one row uses."""

    @property
    def shape(self):
        return (len(self),)

    def __getitem__(self, key):
        return Tensor(list.__getitem__(self, key)) if isinstance(key, slice) else list.__getitem__(self, key)

    def __setitem__(self, key, value):
        for i in range(*key.indices(len(self))):
            list.__setitem__(self, i, value)

    def __mul__(self, factor):
        return Tensor(x * factor for x in self)

    def squeeze(self, dimension):
        return self[0]


torch = stubs.Module("torch")
sys.modules["torch"] = torch
torch.Tensor = Tensor
torch.ones_like = lambda t: Tensor([1] * len(t))
torch.zeros_like = lambda t: Tensor([0] * len(t))
torch.arange = lambda n, **kwargs: Tensor(range(n))
torch.cat = lambda parts, dim: Tensor(x for part in parts for x in part)
torch.equal = lambda a, b: list(a) == list(b)
for name in ("nn", "nn.functional", "utils", "utils.data"):
    sys.modules[f"torch.{name}"] = stubs.Module(f"torch.{name}")
sys.modules["torch.utils.data"].Dataset = object


sys.modules["omegaconf"] = stubs.Module("omegaconf")
sys.modules["omegaconf"].ListConfig = type("ListConfig", (list,), {})


class Column(list):
    def apply(self, function):
        return Column(map(function, self))

    def tolist(self):
        return list(self)


class Row(dict):
    def to_dict(self):
        return dict(self)


class Frame:
    def __init__(self, rows):
        self.rows = rows
        self.columns = list(rows[0])
        self.iloc = [Row(row) for row in rows]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, name):
        return Column(row[name] for row in self.rows)


pandas = stubs.Module("pandas")
sys.modules["pandas"] = pandas
pandas.read_parquet = lambda path, **kwargs: Frame([json.loads(line) for line in open(path, encoding="utf-8")])
pandas.concat = lambda frames: frames[0]


class Tokenizer(stubs.Characters):
    def apply_chat_template(self, messages, tools=None, add_generation_prompt=False, tokenize=True, return_dict=False, **kwargs):
        text = "".join(f"<tools>{json.dumps(tool)}</tools>" for tool in tools or [])
        for message in messages:
            calls = "".join(f"<call>{json.dumps(call['function'], ensure_ascii=False)}</call>" for call in message.get("tool_calls", []))
            text += f"<|im_start|>{message['role']}\n{message['content']}{calls}<|im_end|>\n"
        ids = self.encode(text + ("<|im_start|>assistant\n" if add_generation_prompt else ""))
        return {"input_ids": Tensor([Tensor(ids)]), "attention_mask": Tensor([Tensor([1] * len(ids))])} if return_dict else ids


spec = importlib.util.spec_from_file_location("verl_rows", f"{export}/verl_rows.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
tokenizer = Tokenizer()
config = {"pad_mode": "no_padding", "max_length": 1 << 30, "truncation": "error", "messages_key": "messages", "tools_key": "tools"}
sys.stdout, output = sys.stderr, sys.stdout
dataset = module.ConvoSynthRows([rows_file], tokenizer, config)
learned = []
for i in range(len(dataset)):
    row = dataset[i]
    runs = stubs.segments(row["input_ids"], [token if bit else -100 for token, bit in zip(row["input_ids"], row["loss_mask"])])
    learned.append([tokenizer.decode(run) for run in runs])
result = {"rows": len(dataset), "kept": len(learned), "empty": sum(not runs for runs in learned), "warnings": [], "learned": learned}
print(json.dumps(result), file=output)
