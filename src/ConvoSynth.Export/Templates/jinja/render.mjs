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
const member = Interpreter.prototype.evaluateMemberExpression;
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

// What Python's str makes of a value.
const spelled = new Set(["NullValue", "BooleanValue", "ObjectValue", "ArrayValue"]);
function spelling(value) {
  switch (value.type) {
    case "StringValue": {
      const quote = value.value.includes("'") && !value.value.includes('"') ? '"' : "'";
      const inner = value.value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
      return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
    }
    case "ObjectValue":
      return `{${Array.from(value.value, ([key, held]) => `'${key}': ${spelling(held)}`).join(", ")}}`;
    case "ArrayValue":
      return `[${value.value.map(spelling).join(", ")}]`;
    default:
      return printed(value);
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
  const name = node.type === "Identifier" ? node.value : node.callee.value;
  if (operand.type === "UndefinedValue") {
    if (name === "tojson") throw new Error("Object of type Undefined is not JSON serializable");
    if (name === "length") return this.evaluate({ type: "IntegerLiteral", value: 0 }, environment);
  }
  if (name === "string" && spelled.has(operand.type)) return text(this, spelling(operand));
  if (name === "trim" && (operand.type === "NullValue" || operand.type === "UndefinedValue")) return text(this, printed(operand));
  return filter.call(this, operand, node, environment);
};

// Python's Jinja gives nothing for a key that is nothing.
Interpreter.prototype.evaluateMemberExpression = function (node, environment) {
  if (node.computed && (node.property.type === "Identifier" || node.property.type === "MemberExpression")) {
    const key = this.evaluate(node.property, environment);
    if (key.type === "UndefinedValue") return key;
  }
  return member.call(this, node, environment);
};

Interpreter.prototype.evaluateBinaryExpression = function (node, environment) {
  if (node.operator.value === "~") {
    const sides = [node.left, node.right].map((side) => printed(this.evaluate(side, environment)));
    return text(this, sides.join(""));
  }
  if (node.operator.value === "+") {
    const [left, right] = [node.left, node.right].map((side) => this.evaluate(side, environment));
    const words = [left, right].filter((side) => side.type === "StringValue");
    if (words.length === 2) return text(this, left.value + right.value);
    if (words.length === 1 && left.type !== "UndefinedValue" && right.type !== "UndefinedValue")
      throw new Error(`can only join text to text, not ${left.type} to ${right.type}`);
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
