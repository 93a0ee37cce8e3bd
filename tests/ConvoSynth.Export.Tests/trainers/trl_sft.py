"""Runs TRL's own preparation of SFTTrainer over an export: trl_sft.py SOURCE EXPORT-AS-JSON-LINES TEMPLATE

It renders by jinja2, with the chat template of TRL's folder chat_templates that is named, and gives each character one token.
"""

import json
import logging
import sys
from types import SimpleNamespace

import jinja2
import jinja2.ext
import jinja2.sandbox
import stubs

source, rows_file, template_name = sys.argv[1:]
stubs.install(source)
for name in ("", ".trainer"):
    stubs.package(f"trl{name}", f"{source}/trl{name.replace('.', '/')}")
for name in ("models", "trainer.base_trainer", "trainer.sft_config", "trainer.utils"):
    sys.modules[f"trl.{name}"] = stubs.Module(f"trl.{name}")
logger = logging.getLogger("trl")
sys.modules["accelerate.logging"] = stubs.Module("accelerate.logging")
sys.modules["accelerate.logging"].get_logger = lambda name: logger

from trl.trainer.sft_trainer import SFTTrainer  # noqa: E402

warned = stubs.Warnings()
logger.addHandler(warned)


class Generation(jinja2.ext.Extension):
    """Marks what an assistant generates, as transformers does."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_mark"), [], [], body).set_lineno(line)

    def _mark(self, caller):
        return f"\ue000{caller()}\ue001"


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
)
environment.filters["tojson"] = tojson


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


environment.globals["raise_exception"] = refuse
environment.globals["strftime_now"] = lambda form: "2025-01-01"
template = environment.from_string(open(f"{source}/trl/chat_templates/{template_name}", encoding="utf-8").read())


class Tokenizer(stubs.Characters):
    def apply_chat_template(self, messages, tools=None, add_generation_prompt=False, return_assistant_tokens_mask=False, **kwargs):
        marked = template.render(messages=messages, tools=tools, add_generation_prompt=add_generation_prompt)
        ids, mask, learned = [], [], 0
        for token in self.encode(marked):
            if token in (0xE000, 0xE001):
                learned = int(token == 0xE000)
            else:
                ids.append(token)
                mask.append(learned)
        return {"input_ids": ids, **({"assistant_masks": mask} if return_assistant_tokens_mask else {})}


class Rows(list):
    """The part of a datasets.Dataset that the preparation uses."""

    format = {"type": None}

    @property
    def column_names(self):
        return list(self[0])

    def map(self, function, fn_kwargs=None, remove_columns=None, **kwargs):
        gone = [remove_columns] if isinstance(remove_columns, str) else remove_columns or []
        return Rows({k: v for k, v in {**row, **function(row, **(fn_kwargs or {}))}.items() if k not in gone} for row in self)


sys.modules["trl.trainer.sft_trainer"].get_dataset_column_names = lambda rows: rows.column_names
with open(rows_file, encoding="utf-8") as lines:
    rows = Rows(json.loads(line) for line in lines)
tokenizer = Tokenizer()
each_turn = "prompt" in rows[0]
trainer = SimpleNamespace(_tokenizer=tokenizer, chat_template=None, completion_only_loss=each_turn)
args = SimpleNamespace(
    dataset_num_proc=None,
    dataset_text_field="text",
    assistant_only_loss=not each_turn,
    max_length=None,
    use_liger_kernel=False,
    shuffle_dataset=False,
)
prepared = SFTTrainer._prepare_dataset(trainer, rows, tokenizer, args, False, None, "train")
learned = [stubs.segments(row["input_ids"], row["labels"]) for row in prepared]
print(
    json.dumps(
        {
            "rows": len(rows),
            "kept": len(prepared),
            "empty": sum(not runs for runs in learned),
            "warnings": warned.messages,
            "learned": [[tokenizer.decode(run) for run in runs] for runs in learned],
        }
    )
)
