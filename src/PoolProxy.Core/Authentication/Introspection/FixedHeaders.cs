namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>The headers of <c>introspection_headers_file</c>. They may hold a secret; prints none.</summary>
internal sealed class FixedHeaders
{
    private const int MaxHeaders = 16;

    private static readonly string[] Ours = ["host", "content-length", "content-type", "transfer-encoding", "connection", "accept", "te", "trailer", "upgrade", "expect"];

    private readonly IReadOnlyList<(string Name, string Value)> _headers;

    private FixedHeaders(IReadOnlyList<(string, string)> headers) => _headers = headers;

    /// <summary>None.</summary>
    public static FixedHeaders None { get; } = new([]);

    /// <summary>Reads lines of <c>Name: value</c>; empty ones and those that begin with # are passed by.</summary>
    /// <exception cref="InvalidDataException">A line is no header, or one that is the proxy's own to say; the text is not in the message.</exception>
    public static FixedHeaders Read(string text)
    {
        var headers = new List<(string, string)>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon > 0 ? line[..colon] : "";
            var value = line[(colon + 1)..].Trim();
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || value.Length == 0 || value.Any(c => c is < ' ' or > '~'))
            {
                throw new InvalidDataException($"line {number} is no \"Name: value\"");
            }

            if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase) || headers.Count == MaxHeaders)
            {
                throw new InvalidDataException(headers.Count == MaxHeaders ? $"it has more than {MaxHeaders} headers" : $"line {number}: {name} is the proxy's own to say");
            }

            headers.Add((name, value));
        }

        return new FixedHeaders(headers);
    }

    /// <summary>Puts them on a request, in the place of what is there by that name.</summary>
    public void Apply(HttpRequestMessage request)
    {
        foreach (var (name, value) in _headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";
}
