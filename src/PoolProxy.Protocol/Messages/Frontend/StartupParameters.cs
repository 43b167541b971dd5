using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>
/// The names and values of a StartupMessage, in order; enumerable by <c>foreach</c> without allocation.
/// Only made of bytes whose layout <see cref="StartupMessage.TryRead"/> has checked.
/// </summary>
public readonly ref struct StartupParameters
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal StartupParameters(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether a name is a protocol option (<c>_pq_.</c>…), not a setting.</summary>
    public static bool IsProtocolOption(ReadOnlySpan<byte> name) => name.StartsWith("_pq_."u8);

    /// <summary>The value of a parameter; of the last one where a name comes twice, as in PostgreSQL. Names are compared byte for byte.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool found = false;
        value = default;
        foreach (StartupParameter parameter in this)
        {
            if (!parameter.Name.SequenceEqual(name)) continue;
            value = parameter.Value;
            found = true;
        }

        return found;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks over the parameters.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _reader = new BodyReader(bytes);
            Current = default;
        }

        /// <summary>The parameter reached last.</summary>
        public StartupParameter Current { get; private set; }

        /// <summary>Goes to the next parameter; false at the empty name that ends the list.</summary>
        public bool MoveNext()
        {
            if (!_reader.TryReadCString(out ReadOnlySpan<byte> name) || name.IsEmpty) return false;
            if (!_reader.TryReadCString(out ReadOnlySpan<byte> value)) return false;
            Current = new StartupParameter(name, value);
            return true;
        }
    }
}
