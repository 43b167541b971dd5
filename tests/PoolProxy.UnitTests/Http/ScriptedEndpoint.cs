using PoolProxy.Core.Http;

namespace PoolProxy.UnitTests.Http;

/// <summary>An endpoint that does what a test says.</summary>
internal sealed class ScriptedEndpoint(string method, string path, Func<HttpQuestion, CancellationToken, ValueTask<HttpReply>> answer) : IHttpEndpoint
{
    public ScriptedEndpoint(string method, string path, Func<HttpQuestion, HttpReply> answer)
        : this(method, path, (question, _) => ValueTask.FromResult(answer(question)))
    {
    }

    public string Method { get; } = method;

    public string Path { get; } = path;

    public ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation) => answer(question, cancellation);
}
