"""Steps recorded dialogues through one protocol, checks every frame, and prints {dialogue: reward} as JSON.

Usage: replay.py URL openenv|ors|nemo-gym|gymnasium RECORDED.json
"""

import json
import sys

from frames import (
    Aggregate,
    Blocks,
    CallObservation,
    CallResult,
    EnvReset,
    EnvStep,
    Health,
    McpServer,
    Metadata,
    ObservationFrame,
    OrsTools,
    Schemas,
    Split,
    StateFrame,
    Tasks,
    ToolsObservation,
    Verified,
)
from wire import Http, WebSocket

REPLY = "reply_to_customer"


def moves_of(dialogue):
    """What the recorded agent does: (tool, arguments as JSON text), or (None, text)."""
    for message in dialogue["messages"]:
        if message["role"] != "assistant":
            continue
        calls = message.get("tool_calls") or []
        for call in calls:
            yield call["function"]["name"], call["function"]["arguments"]
        if not calls:
            yield None, message.get("content") or ""


def openenv(url, dialogues):
    http = Http(url)
    Health.model_validate(http.json("GET", "/health"))
    Metadata.model_validate(http.json("GET", "/metadata"))
    Schemas.model_validate(http.json("GET", "/schema"))
    rewards = {}
    for dialogue in dialogues:
        ws = WebSocket(url, "/ws")
        result = ObservationFrame.model_validate(ws.ask({"type": "reset", "data": {"task_id": dialogue["id"]}})).data
        tools = ObservationFrame.model_validate(ws.ask({"type": "step", "data": {"type": "list_tools"}})).data
        ToolsObservation.model_validate(tools.observation)
        steps = 0
        for tool, content in moves_of(dialogue):
            if result.done:
                break
            if tool is None:
                action = {"type": "call_tool", "tool_name": REPLY, "arguments": {"text": content}}
            else:
                action = {"type": "call_tool", "tool_name": tool, "arguments": json.loads(content)}
            result = ObservationFrame.model_validate(ws.ask({"type": "step", "data": action})).data
            CallObservation.model_validate(result.observation)
            steps += 1
        state = StateFrame.model_validate(ws.ask({"type": "state"})).data
        assert state.step_count == steps and state.task_id == dialogue["id"], state
        assert result.done, f"{dialogue['id']} did not end"
        rewards[dialogue["id"]] = result.reward
        ws.send_text(json.dumps({"type": "close"}))
        ws.close()
    return rewards


def ors(url, dialogues):
    http = Http(url)
    [name] = http.json("GET", "/list_environments")
    OrsTools.model_validate(http.json("GET", f"/{name}/tools"))
    [split] = [Split.model_validate(s) for s in http.json("GET", f"/{name}/splits")]
    tasks = Tasks.model_validate(http.json("POST", f"/{name}/tasks", {"split": split.name}))
    assert http.json("POST", f"/{name}/num_tasks", {"split": split.name}) == {"num_tasks": len(tasks.tasks)}
    by_id = {task.task_id: task for task in tasks.tasks}
    rewards = {}
    for dialogue in dialogues:
        events = http.events("/create_session")
        assert [e[0] for e in events] == ["task_id", "end"], events
        sid = {"X-Session-ID": events[0][1]}
        spec = by_id[dialogue["id"]]
        http.json("POST", "/create", {"env_name": name, "split": spec.split, "index": spec.index}, sid)
        Blocks.model_validate(http.json("GET", f"/{name}/prompt", None, sid))
        OrsTools.model_validate(http.json("GET", f"/{name}/task_tools", None, sid))
        reward, finished = None, False
        for tool, content in moves_of(dialogue):
            if finished:
                break
            call = {"name": REPLY, "input": {"text": content}} if tool is None else {"name": tool, "input": json.loads(content)}
            events = http.events(f"/{name}/call", call, sid)
            assert events[0][0] == "task_id" and events[-1][0] == "end", events
            text = "".join(data for _, data in events[1:])
            if len(rewards) % 10 == 0:
                again = http.events(f"/{name}/call", {**call, "task_id": events[0][1]}, sid)
                assert again == events, "a resumed call has the same result"
            output = CallResult.model_validate(json.loads(text)).root
            if output.ok:
                reward, finished = output.output.reward, output.output.finished
        assert http.json("POST", "/ping", None, sid) == {"status": "ok"}
        http.json("POST", "/delete", None, sid)
        assert finished, f"{dialogue['id']} did not end"
        rewards[dialogue["id"]] = reward
    return rewards


def response_of(output):
    return {
        "id": "resp_1",
        "created_at": 0,
        "object": "response",
        "model": "recorded",
        "output": output,
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }


def nemo_gym(url, dialogues):
    rewards = {}
    verified = []
    for number, dialogue in enumerate(dialogues):
        http = Http(url)
        first = dialogue["messages"][0]["content"]
        row = {"responses_create_params": {"input": [{"role": "user", "content": first}]}, "task_id": dialogue["id"]}
        McpServer.model_validate(http.json("POST", "/seed_session", row)["mcp"])
        output = []
        for step, (tool, content) in enumerate(moves_of(dialogue)):
            name, arguments = (REPLY, json.dumps({"text": content})) if tool is None else (tool, content)
            status, text = http.send("POST", f"/{name}", json.loads(arguments))
            if status == 409:
                break
            output.append({"type": "function_call", "call_id": f"c{step}", "name": name, "arguments": arguments})
            output.append({"type": "function_call_output", "call_id": f"c{step}", "output": text})
        result = http.json("POST", "/verify", {**row, "response": response_of(output), "_ng_task_index": number})
        rewards[dialogue["id"]] = None if "_ng_failure_class" in result else Verified.model_validate(result).reward
        verified.append(result)
    total = Aggregate.model_validate(Http(url).json("POST", "/aggregate_metrics", {"verify_responses": verified}))
    assert abs(total.key_metrics["mean/reward"] - sum(rewards.values()) / len(rewards)) < 1e-9, total.key_metrics
    return rewards


def gymnasium(url, dialogues):
    rewards = {}
    for dialogue in dialogues:
        http = Http(url)
        row = {"responses_create_params": {"input": []}, "task_id": dialogue["id"]}
        EnvReset.model_validate(http.json("POST", "/reset", row))
        reward, done = 0.0, False
        for step, (tool, content) in enumerate(moves_of(dialogue)):
            if done:
                break
            item = (
                {"type": "message", "role": "assistant", "id": "m", "content": [{"type": "output_text", "text": content, "annotations": []}]}
                if tool is None
                else {"type": "function_call", "call_id": f"c{step}", "name": tool, "arguments": content}
            )
            result = EnvStep.model_validate(http.json("POST", "/step", {**row, "response": response_of([item])}))
            reward, done = result.reward, result.terminated
        assert done, f"{dialogue['id']} did not end"
        rewards[dialogue["id"]] = reward
    return rewards


PROTOCOLS = {"openenv": openenv, "ors": ors, "nemo-gym": nemo_gym, "gymnasium": gymnasium}


def main():
    url, protocol, recorded = sys.argv[1:]
    with open(recorded, encoding="utf-8") as file:
        dialogues = json.load(file)["dialogues"]
    print(json.dumps(PROTOCOLS[protocol](url, dialogues)))


main()
