using System.Globalization;
using PoolProxy.Protocol.Errors;

namespace PoolProxy.Core.Errors;

/// <summary>How entries of the catalogues are written: their severities, and names from outside inside their texts.</summary>
internal static class ErrorText
{
    /// <summary>How much of a name from outside (user, database, statement, setting) is repeated, in characters.</summary>
    public const int MaxNameChars = 128;

    /// <summary>What helps a client that tries to change who it is.</summary>
    public const string IdentityHint = "The role and the identity come from the login and its rule.";

    /// <summary>An ErrorResponse behind which the connection ends.</summary>
    public static ProxyError Fatal(string sqlState, string message, string? detail = null, string? hint = null) =>
        new(Severity.Fatal, sqlState, message, detail, hint);

    /// <summary>An ErrorResponse that leaves the connection as it is.</summary>
    public static ProxyError Error(string sqlState, string message, string? detail = null, string? hint = null) =>
        new(Severity.Error, sqlState, message, detail, hint);

    /// <summary>A name from outside, cut at <see cref="MaxNameChars"/>.</summary>
    public static string Name(string name) => ProxyError.Bounded(name, MaxNameChars);

    /// <summary>A name from outside, cut and in double quotes.</summary>
    public static string Quoted(string name) => $"\"{Name(name)}\"";

    /// <summary>Text with numbers in it, the same in every culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
