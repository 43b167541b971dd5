namespace PoolProxy.Core.Transport.Tls;

/// <summary>A TLS setting that cannot stand: the compile step turns it into a fault with a position.</summary>
/// <param name="Setting">The setting's name as in pool.toml, such as <c>client_tls_key_file</c>.</param>
/// <param name="Message">What is wrong: lower case, no full stop; a path may be named, the file's content never.</param>
/// <param name="Hint">What to change; a whole sentence, or null.</param>
internal sealed record TlsFault(string Setting, string Message, string? Hint = null)
{
    /// <inheritdoc/>
    public override string ToString() => Hint is null ? $"{Setting}: {Message}" : $"{Setting}: {Message}. {Hint}";
}
