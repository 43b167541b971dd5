namespace PoolProxy.Core.Http;

/// <summary>One thing that can be asked over HTTP. Runs on the thread pool, several at a time, never on a loop.</summary>
internal interface IHttpEndpoint
{
    /// <summary>The method, in capitals: <c>POST</c>.</summary>
    string Method { get; }

    /// <summary>The path, character for character; with <c>/*</c> at its end one further part of any text, which is <see cref="HttpQuestion.Rest"/>.</summary>
    string Path { get; }

    /// <summary>
    /// Answers. What callers can cause is an answer; an exception is a fault of ours (500, logged). The token is cancelled behind <c>request_timeout</c> and when the
    /// caller has gone.
    /// </summary>
    ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation);
}
