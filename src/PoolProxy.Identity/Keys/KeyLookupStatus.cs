namespace PoolProxy.Identity.Keys;

/// <summary>How a search for a token's key ended.</summary>
public enum KeyLookupStatus
{
    /// <summary>Exactly one key.</summary>
    Found,

    /// <summary>No key of that name (or, for a token that names none, of that algorithm): the issuer may have a new one.</summary>
    Unknown,

    /// <summary>There is a key of that name, for another type, curve or algorithm. Asking the issuer again would not help.</summary>
    Mismatch,

    /// <summary>Several keys fit: guessing between them is what RFC 8725 §3.1 warns of.</summary>
    Ambiguous,
}
