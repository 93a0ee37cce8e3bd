"""Runs LLaMA-Factory's own parser, converter, template and processor over an export: llama_factory.py SOURCE EXPORT DATASET STAGE"""

import json
import logging
import sys
from types import SimpleNamespace

import stubs

source, export, dataset, stage = sys.argv[1:]
stubs.install(f"{source}/src")
stubs.package("llamafactory", f"{source}/src/llamafactory")
stubs.package("llamafactory.data", f"{source}/src/llamafactory/data")
stubs.package("llamafactory.extras", f"{source}/src/llamafactory/extras")

from llamafactory.data.converter import get_dataset_converter  # noqa: E402
from llamafactory.data.parser import get_dataset_list  # noqa: E402
from llamafactory.data.processor import PairwiseDatasetProcessor, SupervisedDatasetProcessor  # noqa: E402
from llamafactory.data.template import TEMPLATES  # noqa: E402

warned = stubs.Warnings()
logging.getLogger("llamafactory").addHandler(warned)

(attributes,) = get_dataset_list([dataset], export)
each_turn = "mask_history: true" in open(f"{export}/sft.yaml").read() if stage == "sft" else False
data_args = SimpleNamespace(mask_history=each_turn, train_on_prompt=False, cutoff_len=1 << 30, media_dir=".")
converter = get_dataset_converter(attributes.formatting, attributes, data_args)
tokenizer = stubs.Characters()
made = SupervisedDatasetProcessor if stage == "sft" else PairwiseDatasetProcessor
processor = made(template=TEMPLATES["qwen"], tokenizer=tokenizer, processor=None, data_args=data_args)

rows = empty = kept = 0
learned = []
with open(f"{export}/{attributes.dataset_name}", encoding="utf-8") as lines:
    for line in lines:
        rows += 1
        row = converter(json.loads(line))
        empty += not row["_prompt"] or not row["_response"]
        inputs = processor.preprocess_dataset({key: [value] for key, value in row.items()})
        prefix = "" if stage == "sft" else "chosen_"
        for ids, labels in zip(inputs[f"{prefix}{'input_ids'}"], inputs[f"{prefix}labels"]):
            kept += 1
            learned.append([tokenizer.decode(run) for run in stubs.segments(ids, labels)])
print(json.dumps({"rows": rows, "kept": kept, "empty": empty, "warnings": warned.messages, "learned": learned}))
