namespace PoolProxy.Protocol.Errors;

/// <summary>The wire's words for <see cref="Severity"/>.</summary>
public static class SeverityText
{
    /// <summary>The word, as field V spells it; empty for <see cref="Severity.None"/>.</summary>
    public static ReadOnlySpan<byte> Of(Severity severity) => severity switch
    {
        Severity.Error => "ERROR"u8,
        Severity.Fatal => "FATAL"u8,
        Severity.Panic => "PANIC"u8,
        Severity.Warning => "WARNING"u8,
        Severity.Notice => "NOTICE"u8,
        Severity.Debug => "DEBUG"u8,
        Severity.Info => "INFO"u8,
        Severity.Log => "LOG"u8,
        _ => default,
    };

    /// <summary>The severity of a word; <see cref="Severity.None"/> for any other text, translated ones among them.</summary>
    public static Severity Parse(ReadOnlySpan<byte> text)
    {
        for (Severity severity = Severity.Error; severity <= Severity.Log; severity++)
        {
            if (Of(severity).SequenceEqual(text)) return severity;
        }

        return Severity.None;
    }
}
