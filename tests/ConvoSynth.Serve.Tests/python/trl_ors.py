"""Trains for one step, as TRL's GRPOTrainer would, on a served environment: trl_ors.py TRL URL MOVES

TRL's adapter runs from its own source. In place of the SDK `openreward`, which the adapter imports, stands a client of wire.py. MOVES is a
JSON file: task_id → [[tool, arguments], …]. Prints what TRL's own reward function gives each episode, and what the documented one does.
"""

import importlib
import json
import re
import sys
import types
import uuid
from pathlib import Path
from types import SimpleNamespace

from wire import Http

trl, url, moves_file = sys.argv[1:]


class Session:
    def __init__(self, http, environment, split, index):
        self.http, self.environment, self.task = http, environment, {"split": split, "index": index}
        self.headers = {"X-Session-ID": uuid.uuid4().hex}

    def __enter__(self):
        self.http.json("POST", "/create", self.task, self.headers)
        return self

    def __exit__(self, *args):
        self.http.send("POST", "/delete", {}, self.headers)

    def get_prompt(self):
        return self.http.json("GET", f"/{self.environment}/prompt", headers=self.headers)

    def list_tools(self):
        return self.http.json("GET", f"/{self.environment}/task_tools", headers=self.headers)["tools"]

    def call_tool(self, name, arguments):
        events = self.http.events(f"/{self.environment}/call", {"name": name, "input": arguments}, self.headers)
        if events[-1][0] == "error":
            raise RuntimeError(events[-1][1])
        result = json.loads("".join(data for event, data in events if event in ("chunk", "end")))
        if not result["ok"]:
            raise RuntimeError(result["error"])
        return SimpleNamespace(**result["output"])


class Environment:
    def __init__(self, http, name):
        self.http, self.name = http, name

    def list_tools(self):
        return self.http.json("GET", f"/{self.name}/tools")["tools"]

    def list_tasks(self, split):
        return self.http.json("POST", f"/{self.name}/tasks", {"split": split})["tasks"]

    def num_tasks(self, split):
        return self.http.json("POST", f"/{self.name}/num_tasks", {"split": split})["num_tasks"]

    def session(self, split, index, secrets=None):
        return Session(self.http, self.name, split, index)


class OpenReward:
    def __init__(self, base_url):
        http = Http(base_url)
        (name,) = http.json("GET", "/list_environments")
        self.environments = SimpleNamespace(get=lambda target: Environment(http, name))


sys.modules["openreward"] = SimpleNamespace(OpenReward=OpenReward)
sys.modules["datasets"] = SimpleNamespace(Dataset=SimpleNamespace(from_dict=lambda columns: columns))
for name, folder in (("trl", "trl"), ("trl.experimental", "trl/experimental"), ("trl.experimental.openreward", "trl/experimental/openreward")):
    package = types.ModuleType(name)
    package.__path__ = [f"{trl}/{folder}"]
    sys.modules[name] = package
spec = importlib.import_module("trl.experimental.openreward._spec").OpenRewardSpec(url)

# The reward function is the documentation's own text.
page = Path(__file__).resolve().parents[6] / "docs" / "environment.md"
documented = {}
exec(re.search(r"```python[^\n]*\n(def reward.*?)```", page.read_text(encoding="utf-8"), re.DOTALL).group(1), documented)

moves = json.loads(Path(moves_file).read_text(encoding="utf-8"))
rows, environments = spec.train_dataset, []
for index, task_id in zip(rows["task_index"], rows["task_id"]):
    environment = spec.environment_factory()
    environment.reset(task_index=index)
    for tool, arguments in moves.get(task_id, [["reply_to_customer", {"text": "Hello?"}]]):
        getattr(environment, tool)(**arguments)
    environments.append(environment)
print(json.dumps({"trl": spec.reward_funcs(environments), "documented": documented["reward"](environments)}))
