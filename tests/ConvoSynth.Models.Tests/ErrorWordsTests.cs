using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>Servers' errors in their own words and shapes, and the meaning that they get.</summary>
public sealed class ErrorWordsTests
{
    [Theory]
    [InlineData(
        400,
        """{"object":"error","message":"This model's maximum context length is 8192 tokens. """
            + """However, you requested 9000 tokens.","type":"BadRequestError","param":null,"code":400}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"You passed 1015 input tokens. """
            + """However, the model's context length is only 1024 tokens.","type":"BadRequestError","code":400}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 8192. """
            + """This model's maximum context length is 65536 tokens and your request has 57879 input tokens.","code":400}}"""
    )]
    [InlineData(
        400,
        """{"object":"error","message":"Input length (70001 tokens) exceeds the maximum allowed length (53682 """
            + """tokens).","type":"BadRequestError","code":400}"""
    )]
    [InlineData(
        400,
        """{"object":"error","message":"The input (12345 tokens) is longer than the model's context length (8192 """
            + """tokens).","type":"BadRequestError","code":400}"""
    )]
    [InlineData(
        400,
        """{"error":{"code":400,"message":"the request exceeds the available context size, """
            + """try increasing it","type":"exceed_context_size_error","n_ctx":256}}"""
    )]
    [InlineData(
        500,
        """{"error":{"code":500,"message":"the request exceeds the available context size, try increasing the context size or """
            + """enable context shift","type":"server_error"}}"""
    )]
    [InlineData(400, """{"error":"the input length exceeds the context length"}""")]
    [InlineData(400, """{"error":{"message":"prompt too long; exceeded max context length by 312 tokens"}}""")]
    [InlineData(200, """{"error":"Context size has been exceeded. The model is loaded with context length of only 4096 tokens."}""")]
    [InlineData(
        400,
        """{"error":"Trying to keep the first 111490 tokens when context the overflows. """
            + """However, the model is loaded with context length of only 32768 tokens, which is not enough."}"""
    )]
    [InlineData(400, """{"error":"The number of tokens to keep from the initial prompt is greater than the context length."}""")]
    [InlineData(
        422,
        """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: """
            + """5000 `inputs` tokens and 100 `max_new_tokens`","error_type":"validation"}"""
    )]
    [InlineData(
        422,
        """{"error":"Input validation error: `inputs` must have less than 1024 tokens. Given: 2000","error_type":"validation"}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"litellm.ContextWindowExceededError: litellm.BadRequestError: """
            + """VertexAIException - {\"error\":{\"code\":400,\"message\":\"The input token count (1048577) exceeds the maximum number """
            + """of tokens allowed (1048576).\"}}","type":null,"code":"400"}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"This endpoint's maximum context length is 131072 tokens. """
            + """However, you requested about 140000 tokens (130000 of text input, 10000 in the output).","code":400}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"Your input exceeds the context window of this model. Please adjust your input """
            + """and try again.","type":"invalid_request_error","param":"input","code":"context_length_exceeded"}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"Input tokens exceed the configured limit of 272000 tokens. """
            + """Your messages resulted in 280000 tokens.","type":"invalid_request_error"}}"""
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"""
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context """
            + """limit: 190000 + 21333 > 200000"}}"""
    )]
    [InlineData(413, """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""")]
    [InlineData(413, "<html><h1>413 Request Entity Too Large</h1></html>")]
    [InlineData(
        400,
        """{"error":{"message":"Please reduce the length of the messages or """
            + """completion.","type":"invalid_request_error","code":"context_length_exceeded"}}"""
    )]
    [InlineData(
        413,
        """{"error":{"message":"Request too large for model `x` in organization `o` on tokens per minute (TPM): Limit 6000, """
            + """Requested 7000, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}"""
    )]
    [InlineData(
        429,
        """{"error":{"message":"Request too large for gpt-x in organization o on tokens per min (TPM): """
            + """Limit 30000, Requested 35000.","type":"tokens","code":"rate_limit_exceeded"}}"""
    )]
    [InlineData(
        400,
        """{"message":"Please reduce the length of the messages or completion. """
            + """Current length is 9000 while limit is 8192","type":"invalid_request_error","param":"messages"}"""
    )]
    [InlineData(
        400,
        """{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum """
            + """context length","type":"invalid_request_prompt","code":"3051"}"""
    )]
    [InlineData(
        400,
        """[{"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed """
            + """1048576.","status":"INVALID_ARGUMENT"}}]"""
    )]
    [InlineData(
        400,
        """{"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but the request """
            + """contains 150000 tokens."}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"Invalid request: Your request exceeded model token limit: 8192","type":"invalid_request_error"}}"""
    )]
    [InlineData(400, """{"error":{"message":"Range of input length should be [1, 30720]","code":"InvalidParameter"}}""")]
    [InlineData(400, """{"message":"Input is too long for requested model."}""")]
    [InlineData(400, """{"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081 tokens - received 5000."}""")]
    [InlineData(400, """{"detail":"Prompt length 5000 > max_seq_len 4096"}""")]
    [InlineData(400, """{"detail":[{"msg":"conversation does not fit into the window of 4096 tokens","type":"value_error"}]}""")]
    [InlineData(400, "Bad request: the chat history is larger than this deployment's 16k context")]
    [InlineData(500, """{"errors":["token count 9001 is over the sequence length limit of 8192"]}""")]
    [InlineData(400, """{"error":{"code":"1261","message":"Prompt exceeds max length"}}""")]
    [InlineData(400, """{"detail":"Prompt too long: 5152 tokens exceeds max_seq_len 2048 (leave room for output tokens)"}""")]
    [InlineData(
        400,
        """{"error":{"message":"Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 324989 tokens."}}"""
    )]
    [InlineData(400, """{"message":"The decoder prompt (length 5002) is longer than the maximum model length of 4096."}""")]
    [InlineData(
        400,
        """{"error":"The sum of prompt length (5000.0), query length (0) and max_tokens (512) should not exceed max_num_tokens (4096)"}"""
    )]
    [InlineData(400, """{"error":{"message":"too many tokens: size limit exceeded by 4321 tokens. Try using shorter or fewer inputs"}}""")]
    [InlineData(
        200,
        """{"id":"x","choices":null,"base_resp":{"status_code":2013,"status_msg":"invalid params, context window exceeds limit"}}"""
    )]
    [InlineData(400, """{"error":{"code":"1261","message":"Prompt 超长"}}""")]
    [InlineData(400, """{"code":20015,"message":"输入长度超过模型最大上下文长度 32768"}""")]
    public void A_prompt_that_is_too_long_is_known_whoever_says_so(int status, string body) =>
        Refused(status, body).Should().Be(FinishReason.ContextLength);

    [Theory]
    [InlineData(
        400,
        """{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering Azure OpenAI's """
            + """content management policy.","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage """
            + """policy.","type":"invalid_request_error","code":"invalid_prompt"}}"""
    )]
    [InlineData(403, """{"statusCode":403,"message":"Request failed content safety check."}""")]
    [InlineData(200, """{"choices":[],"prompt_feedback":{"block_reason":"SAFETY"}}""")]
    [InlineData(200, """{"choices":[],"promptFeedback":{"blockReason":"OTHER"},"usage":{"prompt_tokens":5}}""")]
    [InlineData(
        400,
        """{"error":{"code":"1301","message":"系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语"}}"""
    )]
    [InlineData(400, """{"code":"data_inspection_failed","message":"Input data may contain inappropriate content."}""")]
    [InlineData(
        403,
        """{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage """
            + """guidelines. Team: t, Model: m, Failed check: SAFETY_CHECK_TYPE_BIO"}"""
    )]
    [InlineData(403, """{"error":{"message":"Input was flagged","code":403,"metadata":{"reasons":["violence"],"flagged_input":"…"}}}""")]
    [InlineData(
        400,
        """{"error":{"message":"<400> InternalError.Algo.DataInspectionFailed: """
            + """Input text data may contain inappropriate content.","code":"data_inspection_failed"}}"""
    )]
    [InlineData(400, """{"error":{"message":"Content Exists Risk","type":"invalid_request_error","code":"invalid_request_error"}}""")]
    [InlineData(400, """{"error":{"message":"The request was rejected because it was considered high risk","type":"content_filter"}}""")]
    [InlineData(
        400,
        """{"error":{"message":"Guardrail raised an exception, Guardrail: pii-mask, Message: blocked","type":"None","code":"400"}}"""
    )]
    [InlineData(
        200,
        """{"error":{"message":"Provider returned error","code":403,"metadata":{"raw":"{\"error\":{\"message\":\"Your request """
            + """was blocked by our moderation\"}}"}}}"""
    )]
    [InlineData(422, """{"detail":"This conversation was blocked: sexual content"}""")]
    [InlineData(451, """{"message":"the text breaches our community guidelines"}""")]
    public void A_prompt_that_a_filter_refuses_is_known(int status, string body) =>
        Refused(status, body).Should().Be(FinishReason.PromptFilter);

    [Theory]
    [InlineData(400, """{"object":"error","message":"max_tokens must be at least 1","type":"BadRequestError","code":400}""")]
    [InlineData(
        400,
        """{"error":{"code":"invalid_value","message":"Invalid value for temperature: """
            + """3 exceeds the maximum of 2","type":"invalid_request_error"}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"max_tokens is too large: 100000. """
            + """This model supports at most 16384 completion tokens.","type":"invalid_request_error","code":"invalid_value"}}"""
    )]
    [InlineData(
        400,
        """{"error":{"message":"Invalid 'tools[0].function.name': string too long. """
            + """Expected a string with maximum length 64.","type":"invalid_request_error","code":"string_above_max_length"}}"""
    )]
    [InlineData(400, """{"error":{"message":"The guardrail identifier provided in the request does not exist"}}""")]
    [InlineData(400, """{"error":"context length"}""")]
    [InlineData(400, "<html>context length exceeded</html>")]
    [InlineData(400, "")]
    [InlineData(403, """{"error":{"message":"You do not have access to this model","type":"permission_error"}}""")]
    [InlineData(401, """{"error":{"message":"prompt is too long for your key"}}""")]
    [InlineData(
        429,
        """{"error":{"message":"Rate limit reached on tokens per min (TPM): Limit 30000, Used 29000, Requested 1500. """
            + """Please try again in 1s.","code":"rate_limit_exceeded"}}"""
    )]
    [InlineData(500, """{"error":"context deadline exceeded"}""")]
    [InlineData(
        400,
        """{"detail":[{"loc":["body","top_k"],"msg":"field invalid","input":{"messages":"the prompt is too long and was flagged """
            + """by the content filter"}}]}"""
    )]
    public void What_is_not_of_the_prompt_s_words_or_length_is_not_taken_for_it(int status, string body) =>
        Refused(status, body).Should().BeNull();

    [Theory]
    [InlineData(
        429,
        """{"error":{"message":"You exceeded your current quota, please check your plan and billing """
            + """details.","type":"insufficient_quota","code":"insufficient_quota"}}""",
        "insufficient_quota",
        false
    )]
    [InlineData(
        429,
        """[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. """
            + """See docs/rate-limits. Please retry in 35.2s.","status":"RESOURCE_EXHAUSTED"}}]""",
        "429",
        true
    )]
    [InlineData(
        402,
        """{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}""",
        "402",
        false
    )]
    [InlineData(403, """{"error":{"message":"Insufficient credits. Add more using the link","code":403}}""", "no_credit", false)]
    [InlineData(
        400,
        """{"error":{"message":"Budget has been exceeded! Current cost: 10, Max budget: 9","type":"budget_exceeded","code":"400"}}""",
        "budget_exceeded",
        false
    )]
    [InlineData(
        400,
        """{"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API. """
            + """Please go to Plans & Billing."}}""",
        "invalid_request_error",
        false
    )]
    [InlineData(
        400,
        """{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}}""",
        "Arrearage",
        false
    )]
    [InlineData(200, """{"error":{"message":"Rate limit exceeded: free-models-per-min","code":429}}""", "429", true)]
    [InlineData(200, """{"error":{"message":"Upstream error from provider","code":502}}""", "502", true)]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "529", true)]
    [InlineData(503, """{"error":{"message":"Loading model","type":"unavailable_error","code":503}}""", "503", true)]
    [InlineData(
        429,
        """{"object":"error","message":"Service tier capacity exceeded for this model.","type":"invalid_request_error","code":"3505"}""",
        "429",
        true
    )]
    [InlineData(200, """{"detail":"the engine has died"}""", "error", true)]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1002,"status_msg":"rate limit exceeded(RPM)"}}""", "429", true)]
    [InlineData(429, """{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}""", "no_credit", false)]
    [InlineData(200, """{"error":"something nobody has ever said"}""", "error", true)]
    [InlineData(200, """{"object":"error","message":"odd","code":40007}""", "error", true)]
    [InlineData(
        400,
        """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""",
        "400",
        false
    )]
    [InlineData(400, """{"error":"No models loaded. Please load a model in the developer page."}""", "400", false)]
    [InlineData(
        200,
        """{"choices":[{"finish_reason":"error","error":{"code":502,"message":"upstream provider died"}"""
            + ""","message":{"content":"half a sent"}}]}""",
        "502",
        true
    )]
    public async Task Quota_overload_and_access_are_told_apart(int status, string body, string reason, bool isTransient)
    {
        await using var server = await ModelServer.Start(ModelServer.Says(body, status));

        var failure = await FluentActions
            .Awaiting(() => Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), default).AsTask())
            .Should()
            .ThrowAsync<EndpointException>();

        (failure.Which.Reason, failure.Which.IsTransient).Should().Be((reason, isTransient));
    }

    [Fact]
    public async Task A_prompt_that_is_not_taken_reads_from_the_journal_as_it_was_whatever_form_the_error_had()
    {
        await using var server = await ModelServer.Start(ModelServer.Says("<html>too large</html>", 413, "text/html"));

        var response = await Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), default);

        foreach (var protocol in Enum.GetValues<EndpointProtocol>())
        {
            ChatProtocols.Of(protocol).Problem(Encoding.UTF8.GetBytes(response.Body), out _).Should().BeNull();
            ChatProtocols
                .Of(protocol)
                .Read(Endpoints.Spec(), response.Body)
                .Should()
                .Match<ChatAnswer>(a => a.Finish == FinishReason.ContextLength && a.Message.Content == "" && a.IsPromptRefused);
        }
    }

    [Theory]
    [InlineData(
        """{"choices":[{"finish_reason":"stop","message":{"content":"The prompt is too long for the context length, """
            + """they said."}}],"error":null}"""
    )]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"fine"}}],"error":{}}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"fine"},"error":null}],"error":""}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"fine"}}],"error":{"code":0,"message":"success"}}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"fine"}}],"error":"none"}""")]
    public async Task An_answer_with_an_empty_error_is_an_answer(string body)
    {
        await using var server = await ModelServer.Start(ModelServer.Says(body));

        (await Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), default)).IsRefusal.Should().BeFalse();
    }

    private static FinishReason? Refused(int status, string body)
    {
        var error = ErrorDocument.Of(Encoding.UTF8.GetBytes(body), status == 200);
        return error?.RefusedPrompt(error.Status is { } named && status == 200 ? named : status)
            ?? (status == 413 ? FinishReason.ContextLength : null);
    }
}
