"""Runs ms-swift's own preprocessor and template over an export: ms_swift.py SOURCE EXPORT"""

import json
import logging
import sys
from types import SimpleNamespace

import stubs

source, export = sys.argv[1:]
stubs.install(source)
for name in (
    "", ".utils", ".infer_engine", ".template", ".template.templates", ".dataset", ".dataset.preprocessor", ".loss_scale", ".agent_template"
):
    stubs.package(f"swift{name}", f"{source}/swift{name.replace('.', '/')}")
logger = logging.getLogger("swift")
logger.info_once = logger.info
utils = sys.modules["swift.utils"]
utils.get_logger = lambda *args, **kwargs: logger
for name in ("Processor", "get_env_args", "remove_response", "retry_decorator", "to_device", "is_dist", "is_master", "safe_ddp_context"):
    setattr(utils, name, stubs.named(name))
utils.ProcessorMixin = type("ProcessorMixin", (), {"tokenizer": property(lambda self: self.processor)})
sys.modules["swift.infer_engine"].InferRequest = type("InferRequest", (), {})
sys.modules["swift.infer_engine"].Function = SimpleNamespace

import swift.template.utils as template_utils  # noqa: E402

for name in ("Prompt", "Messages", "split_str_parts_by", "history_to_messages", "get_last_user_round", "ContextType"):
    setattr(sys.modules["swift.template"], name, getattr(template_utils, name))

import swift.loss_scale.base  # noqa: E402
import swift.loss_scale.mapping  # noqa: E402
from swift.agent_template.hermes import HermesAgentTemplate  # noqa: E402
from swift.dataset.preprocessor.core import MessagesPreprocessor  # noqa: E402
from swift.template.base import MaxLengthError, Template  # noqa: E402
from swift.template.templates.utils import ChatmlTemplateMeta  # noqa: E402

sys.modules["swift.loss_scale"].get_loss_scale = swift.loss_scale.mapping.get_loss_scale
sys.modules["swift.agent_template"].agent_template_map = {"hermes": HermesAgentTemplate}
sys.modules["swift.template"].MaxLengthError = MaxLengthError

warned = stubs.Warnings()
logger.addHandler(warned)


class Processor(stubs.Characters):
    model_info = SimpleNamespace(config=None, task_type="causal_lm", max_model_len=None)
    model_meta = SimpleNamespace(is_multimodal=False)


tokenizer = Processor()
meta = ChatmlTemplateMeta("qwen", auto_add_bos=False)
template = Template(tokenizer, meta, agent_template="hermes", loss_scale="default")
template.set_mode("train")
preprocessor = MessagesPreprocessor()

rows = kept = empty = 0
learned = []
with open(f"{export}/train.jsonl", encoding="utf-8") as lines:
    for line in lines:
        rows += 1
        batch = {key: [value] for key, value in json.loads(line).items()}
        for row in preprocessor.batched_to_rows(preprocessor.batched_preprocess(batch, strict=False, ignore_max_length_error=False)):
            encoded = template.encode(row)
            kept += 1
            runs = stubs.segments(encoded["input_ids"], encoded["labels"])
            empty += len(runs) == 0
            learned.append([tokenizer.decode(run) for run in runs])
print(json.dumps({"rows": rows, "kept": kept, "empty": empty, "warnings": warned.messages, "learned": learned}))
