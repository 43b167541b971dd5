using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace PoolProxy.Core.Http;

/// <summary>A body of <c>application/x-www-form-urlencoded</c>. Its values may be secrets; it prints none.</summary>
internal sealed class HttpForm
{
    /// <summary>The most parameters.</summary>
    public const int MaxParameters = 32;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private HttpForm()
    {
    }

    /// <summary>Reads a body; false where it is not UTF-8 or has too many parameters. Parameters without a value count as left out (RFC 6749 §3.2).</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out HttpForm? form)
    {
        form = new HttpForm();
        if (!System.Text.Unicode.Utf8.IsValid(body))
        {
            form = null;
            return false;
        }

        var count = 0;
        foreach (var pair in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (++count > MaxParameters)
            {
                form = null;
                return false;
            }

            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..]);
            if (value.Length > 0)
            {
                form.Add(WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]), value);
            }
        }

        return true;
    }

    /// <summary>The parameter's only value; null where it is missing. False where it is there several times.</summary>
    public bool TryGetOne(string name, out string? value)
    {
        value = _values.TryGetValue(name, out var values) ? values[0] : null;
        return values is null or { Count: 1 };
    }

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values.Add(name, values = []);
        }

        values.Add(value);
    }
}
