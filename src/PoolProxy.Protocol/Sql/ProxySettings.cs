namespace PoolProxy.Protocol.Sql;

/// <summary>What a change of a setting means, by its name.</summary>
internal static class ProxySettings
{
    /// <summary>The traits beyond <see cref="StatementTraits.SetsParameter"/> of a change of that setting.</summary>
    /// <param name="name">The setting's name as far as it is kept; PostgreSQL compares names of settings without case.</param>
    public static StatementTraits Changing(ReadOnlySpan<byte> name)
    {
        Span<byte> lower = stackalloc byte[NameBuffer.Capacity];
        System.Text.Ascii.ToLower(name, lower, out int length);
        if (length != name.Length)
            return StatementTraits.None; // not ASCII: none of ours
        ReadOnlySpan<byte> folded = lower[..length];

        if (folded.SequenceEqual("role"u8) || folded.SequenceEqual("session_authorization"u8))
            return StatementTraits.ChangesRole | StatementTraits.ChangesProxySetting;
        if (folded.SequenceEqual("transaction_read_only"u8) || folded.SequenceEqual("default_transaction_read_only"u8))
            return StatementTraits.LiftsReadOnly;
        bool isOurs = folded.SequenceEqual("application_name"u8) || folded.SequenceEqual("exit_on_error"u8)
            || folded.StartsWith("request."u8) || folded.StartsWith("poolproxy."u8);
        return isOurs ? StatementTraits.ChangesProxySetting : StatementTraits.None;
    }
}
