"""The frames of OpenEnv, ORS and NeMo Gym as pydantic models, written from the protocols' own type definitions."""

from typing import Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, RootModel


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


# OpenEnv: env_server/types.py and mcp_types.py.


class StepResult(Strict):
    observation: Dict[str, Any]
    reward: Optional[float]
    done: bool


class ObservationFrame(Strict):
    type: Literal["observation"]
    data: StepResult


class ToolError(Strict):
    error_type: Literal["execution_error", "invalid_args", "transport_error", "tool_not_found", "timeout"]
    message: str


class CallObservation(Strict):
    tool_name: str
    result: Any
    error: Optional[ToolError]
    metadata: Dict[str, Any]


class OpenEnvTool(Strict):
    name: str
    description: str
    input_schema: Dict[str, Any]


class ToolsObservation(Strict):
    tools: List[OpenEnvTool]
    metadata: Dict[str, Any]


class State(BaseModel):
    model_config = ConfigDict(extra="allow")
    episode_id: Optional[str]
    step_count: int = Field(ge=0)


class StateFrame(Strict):
    type: Literal["state"]
    data: State


ErrorCode = Literal[
    "INVALID_JSON",
    "UNKNOWN_TYPE",
    "VALIDATION_ERROR",
    "EXECUTION_ERROR",
    "CAPACITY_REACHED",
    "FACTORY_ERROR",
    "SESSION_ERROR",
]


class ErrorData(BaseModel):
    model_config = ConfigDict(extra="allow")
    message: str
    code: ErrorCode


class ErrorFrame(Strict):
    type: Literal["error"]
    data: ErrorData


class RpcError(Strict):
    code: int
    message: str
    data: Optional[Any] = None


class RpcResponse(Strict):
    jsonrpc: Literal["2.0"]
    result: Optional[Any] = None
    error: Optional[RpcError] = None
    id: Optional[Union[str, int]]


class McpFrame(Strict):
    type: Literal["mcp"]
    data: RpcResponse


class Health(Strict):
    status: Literal["healthy", "unhealthy", "degraded"]


class Metadata(Strict):
    name: str
    description: str
    readme_content: Optional[str]
    version: Optional[str]
    author: Optional[str]
    documentation_url: Optional[str]


class Schemas(Strict):
    action: Dict[str, Any]
    observation: Dict[str, Any]
    state: Dict[str, Any]


# ORS: types.py.


class Block(Strict):
    text: str
    detail: Optional[Dict[str, Any]]
    type: Literal["text"]


class Blocks(RootModel[List[Block]]):
    pass


class ToolOutput(Strict):
    blocks: List[Block]
    metadata: Optional[Dict[str, Any]]
    reward: Optional[float]
    finished: bool


class Success(Strict):
    ok: Literal[True]
    output: ToolOutput


class Failure(Strict):
    ok: Literal[False]
    error: str


class CallResult(RootModel[Union[Success, Failure]]):
    root: Union[Success, Failure] = Field(discriminator="ok")


class OrsTool(Strict):
    name: str
    description: str
    input_schema: Optional[Dict[str, Any]]


class OrsTools(Strict):
    tools: List[OrsTool]


class Split(Strict):
    name: str
    type: Literal["train", "validation", "test"]


class Task(Strict):
    """Flat, and the same keys in each task: trainers make them columns."""

    task_id: str
    domain: str
    split: str
    index: int
    intent: str
    slice: str


class Tasks(Strict):
    tasks: List[Task]
    env_name: str


# NeMo Gym: base_resources_server.py, config_types.py, gymnasium/base.py.


class Verified(BaseModel):
    model_config = ConfigDict(extra="allow")
    responses_create_params: Dict[str, Any]
    response: Dict[str, Any]
    reward: float
    reward_components: Dict[str, float]


class Aggregate(Strict):
    group_level_metrics: List[Dict[str, Any]]
    agent_metrics: Dict[str, Any]
    key_metrics: Dict[str, Any]


class McpServer(Strict):
    server_name: str
    url_path: str
    transport: str
    headers: Dict[str, str]


class EnvReset(Strict):
    observation: Optional[str]
    info: Dict[str, Any]


class EnvStep(Strict):
    observation: Optional[str]
    reward: float
    terminated: bool
    truncated: bool
    info: Dict[str, Any]
