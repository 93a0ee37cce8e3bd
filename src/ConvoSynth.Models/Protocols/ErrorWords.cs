using System.Text;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// The one table of servers' error phrases: vLLM, SGLang, llama.cpp, Ollama, LM Studio, TGI, LiteLLM, OpenRouter, OpenAI, Azure,
/// Anthropic, Gemini, Groq, Together, Mistral, DeepSeek, xAI and others. Codes and sentences are matched alike. A rule names the parts of
/// a kind of error and not one server's sentence, so that unseen wordings match too. Each phrase ends at word borders; <c>*</c> stands
/// for the rest of a word.
/// </summary>
internal static class ErrorWords
{
    private const string Context =
        "context|context length|context window|context size|context limit|n ctx|num ctx|max model len*|max "
        + "seq*|max position*|model token limit";
    private const string Measure =
        "prompt length|input length|sequence length|input token*|prompt token*|token limit|token count|number "
        + "of tokens|total tokens|maximum allowed length|input limit|prompt limit";
    private const string Given =
        "prompt|prompts|input|inputs|message|messages|conversation|history|transcript|the request|this request|"
        + "your request|request size|request contains|request exceed*|requested token*";

    private const string Exceeds =
        "exceed*|overflow*|surpass*|too long|too large|too big|too many tokens|longer|larger|greater|bigger|"
        + "over the|beyond|shorten|shorter|truncat*|not fit|doesnt fit|cannot fit|cant fit|wont fit|"
        + "not enough|insufficient|out of|full|exhausted|reduce the length|reduce the size|reduce your|reduce "
        + "the prompt|reduce the input|smaller";

    private const string Bounds =
        "max|maximum|limit*|only|at most|less than|fewer than|up to|should be|must be|must have|range|requested|reached|given|configured";
    private const string Sizes = "token*|length|long|size|context|character*";

    // Excludes rate limits, and other limits or "contexts" that do not concern the prompt: a deadline, a name, a picture, a setting.
    private const string NoContext =
        "per minute|per second|per hour|per day|tpm|rpm|tpd|rate limit*|ratelimit*|quota*|requests per|too "
        + "many requests|throttl*|concurren*|context deadline|context cancel*|context canceled|"
        + "string too long|string above max length|function name|image*|audio|file size|credit*|balance|billing";

    private const string Violations = "violat*|against|breach*";
    private const string Policies = "policy|policies|guideline*|terms of|usage rules";

    private const string Filters =
        "content filter*|contentfilter*|content management|content policy|content policies|content safety|"
        + "content moderation|content restriction*|content risk|content exists risk|content blocked|content "
        + "violation*|"
        + "filter triggered|usage policy|usage policies|usage guideline*|acceptable use|safety system*|safety "
        + "check*|safety filter*|safety policy|safety policies|safety guideline*|safety reason*|safety block*|"
        + "responsible ai*|moderation|moderated|guardrail*|flagged|inappropriate content|inappropriate input|"
        + "inappropriate language|sensitive content|sensitive word*|sensitive information|"
        + "prohibited content|prohibited use|harmful content|harmful input|unsafe content|unsafe input|unsafe "
        + "prompt|disallowed content|jailbreak*|prompt injection|data inspection*|datainspection*|"
        + "high risk|policy violation*|invalid prompt|recitation|blocklist|block reason|spii|risk control";

    private const string Blocked = "blocked|rejected|refused|denied|filtered|intercepted";
    private const string BlockedFor =
        "safety|unsafe|harmful|inappropriate|sensitive|toxic*|offensive|hate|violence|sexual|prohibited|content rule*";

    // A wrong setting has nothing to do with the dialogue's words.
    private const string NoFilter =
        "not found|does not exist|doesnt exist|no such|invalid value|not configured|misconfigured|unknown parameter|unsupported";

    private const string CreditCodes =
        "insufficient quota|insufficient balance|insufficient credit*|insufficient fund*|insufficient user "
        + "quota|billing hard limit*|out of credit*|no credit*|credits exhausted|not enough credit*|"
        + "not enough balance|credit balance|payment required|arrear*|arrears|spending limit*|spending cap|spend "
        + "limit*|budget exceeded|budget has been exceeded|exceeded budget|exceeded your budget|top up|recharge|"
        + "purchase|add credits";

    private const string CreditWords =
        "current quota|billing|monthly limit|monthly usage|monthly quota|usage limit*|account suspended|"
        + "account deactivated|account disabled|account is not active|account inactive|subscription";

    private const string Rates =
        "rate limit*|ratelimit*|rate limited|too many requests|requests per|tokens per|per minute|per second|"
        + "per hour|per day|tpm|rpm|tpd|rpd|throttl*|slow down|quota exceeded|exceeded quota|exceeded your "
        + "current quota|resource exhausted|"
        + "resourceexhausted|concurrency limit*|concurrent requests|retry in|try again in|capacity exceeded|request limit*|429";

    private const string Accesses =
        "invalid api key|incorrect api key|api key not valid|api key invalid|api key expired|invalid apikey|no "
        + "api key|missing api key|invalid authentication|authentication error|authentication failed|"
        + "authentication fails|"
        + "unauthorized|unauthenticated|model not found|no such model|unknown model|unsupported model|invalid "
        + "model|model does not exist|model not exist|no models loaded|no model loaded|not a valid model*|model "
        + "decommissioned|has been decommissioned";

    private const string Overloads =
        "overload*|over capacity|at capacity|no capacity|insufficient capacity|capacity|busy|unavailable|not "
        + "ready|loading|warming up|starting up|no available|no healthy|no instances|no upstream|no workers|"
        + "try again later|try again shortly|retry later|high demand|high traffic|high load|heavy load|queue is "
        + "full|queue full|timed out|timeout|time out|deadline exceeded|upstream*|bad gateway|connection reset|"
        + "connection refused|"
        + "connection error|connection closed|connection aborted|connecterror|internal error|internal server "
        + "error|internalservererror|server error|unexpected error|engine dead*|enginedead*|out of memory|oom|"
        + "insufficient system resource*|network error|disconnected|crashed|tool use failed";

    private static readonly Rule[] Rules =
    [
        // A single request above a quota exceeds a limit on its length: waiting does not help.
        new(
            ErrorMeaning.ContextLength,
            [
                "request too large|request is too large|payload too large|request entity too large|prompt too "
                    + "long|prompt is too long|exceed context*|context overflow",
            ]
        ),
        new(
            ErrorMeaning.ContextLength,
            [Context, $"{Exceeds}|{Bounds}", "token*|length|window|size|limit|ctx|len*|seq*|large|long|full|overflow*|exceed*|fit"],
            NoContext
        ),
        new(ErrorMeaning.ContextLength, [Context, "token*", Given], NoContext),
        new(ErrorMeaning.ContextLength, [Measure, $"{Exceeds}|{Bounds}"], $"{NoContext}|output token*|completion token*"),
        new(
            ErrorMeaning.ContextLength,
            [Given, Exceeds, Sizes],
            $"{NoContext}|output token*|completion token*|max tokens|tool*|schema*|name"
        ),
        new(
            ErrorMeaning.ContextLength,
            ["input|inputs|prompt|messages", "token*", "at most|less than|fewer than|must be|must have"],
            $"{NoContext}|at least"
        ),
        new(ErrorMeaning.Filter, [Filters], NoFilter),
        new(ErrorMeaning.Filter, [Violations, Policies], NoFilter),
        new(ErrorMeaning.Filter, [Blocked, BlockedFor], NoFilter),
        new(ErrorMeaning.Credit, [CreditCodes], "per minute|per second|tpm|rpm"),
        new(ErrorMeaning.Credit, [CreditWords], "per minute|per second|per day|tpm|rpm|retry in|try again in|rate limit*|ratelimit*"),
        new(ErrorMeaning.RateLimit, [Rates]),
        new(ErrorMeaning.Access, [Accesses]),
        new(
            ErrorMeaning.Access,
            ["model", "not found|does not exist|doesnt exist|not exist|not loaded|not available|not supported"],
            "tool*|temporar*|try again*"
        ),
        new(ErrorMeaning.Overload, [Overloads]),
    ];

    // Chinese text has no spaces between words, so these match anywhere.
    private static readonly (ErrorMeaning Meaning, string[] Parts)[] Chinese =
    [
        (ErrorMeaning.ContextLength, ["超长", "上下文长度", "上下文窗口", "最大长度", "输入过长"]),
        (ErrorMeaning.Filter, ["敏感", "不安全", "违规", "内容安全", "审核"]),
        (ErrorMeaning.Credit, ["余额不足", "欠费", "充值", "额度不足"]),
        (ErrorMeaning.RateLimit, ["频繁", "速率", "并发"]),
    ];

    /// <summary>The meaning of an error by the first matching rule, among the meanings that the status allows.</summary>
    public static ErrorMeaning Meaning(string words, Func<ErrorMeaning, bool> isOpen)
    {
        var plain = Plain(words);
        foreach (var rule in Rules)
        {
            if (isOpen(rule.Meaning) && rule.Fits(plain))
                return rule.Meaning;
        }

        foreach (var (meaning, parts) in Chinese)
        {
            if (isOpen(meaning) && parts.Any(p => words.Contains(p, StringComparison.Ordinal)))
                return meaning;
        }

        return ErrorMeaning.Unknown;
    }

    /// <summary>
    /// Lower case, single spaces, codes split into words: <c>ContextWindowExceeded</c>, <c>context_window_exceeded</c> and "context
    /// window exceeded" become equal.
    /// </summary>
    private static string Plain(string words)
    {
        var plain = new StringBuilder(words.Length + 16);
        for (var i = 0; i < words.Length; i++)
        {
            var c = words[i];
            if (c is '\'' or '’')
            {
                // "model's" becomes "model"; "doesn't" stays one word.
                if (i + 1 < words.Length && words[i + 1] is 's' or 'S' && (i + 2 == words.Length || !char.IsLetterOrDigit(words[i + 2])))
                    i++;
            }
            else if (c is '>' or '<')
            {
                plain.Append(c == '>' ? " greater than " : " at most ");
            }
            else if (!char.IsLetterOrDigit(c))
            {
                plain.Append(' ');
            }
            else
            {
                var begins =
                    char.IsUpper(c)
                    && i > 0
                    && (char.IsLower(words[i - 1]) || (char.IsUpper(words[i - 1]) && i + 1 < words.Length && char.IsLower(words[i + 1])));
                if (begins)
                    plain.Append(' ');
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return string.Join(' ', plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Matches errors that have a phrase of each required list and none of the excluded list.</summary>
    private sealed class Rule(ErrorMeaning meaning, string[] all, string? none = null)
    {
        // Most runs see no error, so the patterns are compiled at the first one.
        private readonly Lazy<(Regex[] All, Regex? None)> _patterns = new(() =>
            ([.. all.Select(Pattern)], none is null ? null : Pattern(none))
        );

        public ErrorMeaning Meaning => meaning;

        public bool Fits(string plain) =>
            _patterns.Value is var (all, none) && all.All(a => a.IsMatch(plain)) && none?.IsMatch(plain) != true;

        private static Regex Pattern(string phrases)
        {
            var patterns = phrases.Split('|').Select(static p => Regex.Escape(p).Replace(@"\*", @"\w*", StringComparison.Ordinal));
            return new($@"\b(?:{string.Join('|', patterns)})\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
    }
}
