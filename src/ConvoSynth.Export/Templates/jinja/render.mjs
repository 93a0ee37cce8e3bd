import { Interpreter, Template } from "jinja";

// transformers renders with Python's Jinja, which prints None, True and False. This engine prints nothing, true and false.
const expressions = new Set([
  "Identifier",
  "MemberExpression",
  "CallExpression",
  "FilterExpression",
  "BinaryExpression",
  "Ternary",
]);
const block = Interpreter.prototype.evaluateBlock;
const filter = Interpreter.prototype.applyFilter;
const binary = Interpreter.prototype.evaluateBinaryExpression;

function printed(value) {
  switch (value.type) {
    case "NullValue":
      return "None";
    case "BooleanValue":
      return value.value ? "True" : "False";
    case "UndefinedValue":
      return "";
    default:
      return value.toString();
  }
}

function text(interpreter, value) {
  const made = block.call(interpreter, []);
  made.value = value;
  return made;
}

Interpreter.prototype.evaluateBlock = function (statements, environment) {
  let result = "";
  for (const statement of statements) {
    const value = this.evaluate(statement, environment);
    if (expressions.has(statement.type)) result += printed(value);
    else if (value.type !== "NullValue" && value.type !== "UndefinedValue") result += value.toString();
  }
  return text(this, result);
};

Interpreter.prototype.applyFilter = function (operand, node, environment) {
  const isPlain = operand.type === "NullValue" || operand.type === "BooleanValue";
  if (node.type === "Identifier" && node.value === "string" && isPlain) return text(this, printed(operand));
  if (node.type === "Identifier" && node.value === "trim" && operand.type === "NullValue") return text(this, "None");
  return filter.call(this, operand, node, environment);
};

Interpreter.prototype.evaluateBinaryExpression = function (node, environment) {
  if (node.operator.value === "~") {
    const sides = [node.left, node.right].map((side) => printed(this.evaluate(side, environment)));
    return text(this, sides.join(""));
  }
  return binary.call(this, node, environment);
};

// What templates call to print today's date reads this clock, which stands still, so that one input gives one text.
const Clock = globalThis.Date;
globalThis.Date = class extends Clock {
  constructor() {
    super(2025, 0, 1);
  }
};

export function compile(source) {
  return new Template(source);
}

export function render(template, context) {
  return template.render(JSON.parse(context));
}
