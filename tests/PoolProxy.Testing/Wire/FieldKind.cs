namespace PoolProxy.Testing.Wire;

/// <summary>The kinds of fields that messages are made of, protocol-message-types.html.</summary>
public enum FieldKind
{
    /// <summary>String: bytes and a NUL. Written <c>"text"</c>.</summary>
    Text,

    /// <summary>Int8, written as a number.</summary>
    Int8,

    /// <summary>Int16, written as a number.</summary>
    Int16,

    /// <summary>Int32, written as a number.</summary>
    Int32,

    /// <summary>Byte1 that is a letter, written bare: <c>S</c>, <c>I</c>.</summary>
    Letter,

    /// <summary>Int32 length and bytes, −1 for null. Written <c>"text"</c> or <c>null</c>.</summary>
    Value,

    /// <summary>All bytes up to the end of the message. Written <c>"text"</c>.</summary>
    Rest,

    /// <summary>The fields of an error or notice, each a letter and a String, ended by a NUL. Written <c>S="ERROR" C="42601"</c>.</summary>
    ErrorFields,

    /// <summary>Strings up to an empty one. Written <c>("SCRAM-SHA-256")</c>.</summary>
    TextsUntilEmpty,

    /// <summary>Int16 count and as many items. Written <c>(item item)</c>.</summary>
    List16,

    /// <summary>Int32 count and as many items. Written <c>(item item)</c>.</summary>
    List32,
}
