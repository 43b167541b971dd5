namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>One name and value of a StartupMessage, without terminators.</summary>
public readonly ref struct StartupParameter
{
    internal StartupParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name; never empty.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
