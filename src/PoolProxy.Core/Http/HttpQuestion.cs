using System.Net;

namespace PoolProxy.Core.Http;

/// <summary>One request, whole and within bounds, as an endpoint sees it. It holds secrets (Authorization, the body): it is never logged, and prints nothing.</summary>
/// <param name="method">The method, in capitals.</param>
/// <param name="path">The path, unescaped, without the query.</param>
/// <param name="caller">Where the caller is.</param>
/// <param name="body">The body; empty where there is none.</param>
/// <param name="findHeader">A header's value by its name; null where it is missing or there several times.</param>
internal sealed class HttpQuestion(string method, string path, IPEndPoint caller, ReadOnlyMemory<byte> body, Func<string, string?> findHeader)
{
    private const string BearerScheme = "Bearer ";

    public string Method { get; } = method;

    public string Path { get; } = path;

    public IPAddress Address { get; } = caller.Address;

    /// <summary>With its port, as logs and audit name it: <c>127.0.0.1:51234</c>.</summary>
    public string AddressText { get; } = caller.ToString();

    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>What stands in the place of the route's <c>*</c>; empty for a route without.</summary>
    public string Rest { get; init; } = "";

    /// <summary>The token of <c>Authorization: Bearer</c> (RFC 6750 §2.1); null for none.</summary>
    public string? Bearer => FindHeader("Authorization") is { } value && value.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
        ? value[BearerScheme.Length..].Trim()
        : null;

    /// <summary>The header's value; null where it is missing or there several times.</summary>
    public string? FindHeader(string name) => findHeader(name);

    /// <summary>Whether the body is of this media type, whatever its parameters.</summary>
    public bool IsOfType(string mediaType) => FindHeader("Content-Type") is { } value
        && value.AsSpan(0, value.IndexOf(';') is var end and >= 0 ? end : value.Length).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} (hidden)";
}
