namespace PoolProxy.Configuration.Model;

/// <summary>The JSON type that a <see cref="ClaimValue"/> equals.</summary>
public enum ClaimValueKind
{
    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A JSON number without fraction.</summary>
    Integer,

    /// <summary>JSON true or false.</summary>
    Boolean,
}
