using System.Buffers.Binary;
using System.Text;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// A statement as the catalogue knows it: one text with its parameter types, for one scope (database, role) and one set of the
/// parameters that PostgreSQL folds into a plan at Parse. Many clients may have names for it, many servers copies of it.
/// Immutable but for the count of names, which the catalogue alone changes.
/// </summary>
internal sealed class Statement
{
    /// <summary>Where every server-side name of ours begins; <c>SHOW PREPARED</c> and pg_prepared_statements show it.</summary>
    public const string NamePrefix = "poolproxy_";

    /// <summary>What a client's name stands for whose text is too long to share: a statement under that name on one server, of which nothing is known.</summary>
    public static Statement Unshared { get; } = new(0, new object(), new object(), [], 0, StatementTraits.Unknown | StatementTraits.SetsParameter, isKept: false, isIndependent: false);

    internal Statement(int id, object scope, object folded, ReadOnlySpan<byte> definition, int hash, StatementTraits traits, bool isKept, bool isIndependent)
    {
        Id = id;
        Scope = scope;
        Folded = folded;
        DefinitionLength = definition.Length;
        Hash = hash;
        Traits = traits;
        IsKept = isKept;
        IsIndependent = isIndependent;
        ServerName = Encoding.ASCII.GetBytes(NamePrefix + id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        ParseMessage = WriteParse(ServerName, definition);
    }

    /// <summary>Unique among what the catalogue knows, until ids begin anew (<see cref="StatementTag.MaxId"/>).</summary>
    public int Id { get; }

    /// <summary>What else than the text makes two statements different: the pool, and within it the role.</summary>
    public object Scope { get; }

    /// <summary>The tracked parameters in force at Parse, compared by reference (they are interned).</summary>
    public object Folded { get; }

    /// <summary>The name under which servers hold a copy, without its terminator.</summary>
    public byte[] ServerName { get; }

    /// <summary>The whole Parse message that makes a copy on a server; pinned, so that it can be a segment of a write.</summary>
    public byte[] ParseMessage { get; }

    /// <summary>The body of its Parse behind the name: the text, its NUL, the count of types and their OIDs.</summary>
    public ReadOnlySpan<byte> Definition => ParseMessage.AsSpan(ParseMessage.Length - DefinitionLength);

    /// <summary>Its text.</summary>
    public ReadOnlySpan<byte> Text => Definition[..Definition.IndexOf((byte)0)];

    /// <summary>What running it may do to a session.</summary>
    public StatementTraits Traits { get; }

    /// <summary>Whether a client's unnamed statement of the same key may be served by a copy of it (<see cref="KeptParse"/>).</summary>
    public bool IsKept { get; }

    /// <summary>Whether another client's may be sent behind it, and it behind another's (<see cref="IndependentStatement"/>).</summary>
    public bool IsIndependent { get; }

    /// <summary>What records of its executions say of its text, once one was made; whoever records keeps it here.</summary>
    public object? RecordedText { get; set; }

    internal int DefinitionLength { get; }

    internal int Hash { get; }

    /// <summary>How many clients' names stand for it. At zero it waits among the spare ones to be taken up again or forgotten.</summary>
    internal int NameCount { get; set; }

    /// <summary>Its neighbours among the spare ones: see <see cref="SpareStatements"/>.</summary>
    internal Statement? SpareOlder { get; set; }

    internal Statement? SpareNewer { get; set; }

    /// <summary>Whether a client with this scope and these parameters means this statement by a definition (text, NUL, types).</summary>
    public bool Is(object scope, object folded, ReadOnlySpan<byte> definition) =>
        ReferenceEquals(Scope, scope) && ReferenceEquals(Folded, folded) && definition.SequenceEqual(Definition);

    private static byte[] WriteParse(byte[] name, ReadOnlySpan<byte> definition)
    {
        var message = GC.AllocateUninitializedArray<byte>(Frame.HeaderLength + name.Length + 1 + definition.Length, pinned: true);
        message[0] = FrontendType.Parse;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        name.CopyTo(message, Frame.HeaderLength);
        message[Frame.HeaderLength + name.Length] = 0;
        definition.CopyTo(message.AsSpan(Frame.HeaderLength + name.Length + 1));
        return message;
    }
}
