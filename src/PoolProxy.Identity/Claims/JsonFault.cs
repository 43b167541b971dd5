namespace PoolProxy.Identity.Claims;

/// <summary>Why a text is not taken as a JSON object of claims.</summary>
internal enum JsonFault
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>Its bytes are no UTF-8.</summary>
    NotUtf8,

    /// <summary>A string holds NUL or half a surrogate pair: neither has a form that PostgreSQL stores.</summary>
    BadText,

    /// <summary>More than <see cref="JsonBounds.MaxDepth"/> objects and arrays within each other.</summary>
    TooDeep,

    /// <summary>Not JSON: comments, trailing commas and bytes behind the value count as well.</summary>
    NotJson,

    /// <summary>An object names something twice, by whatever spelling: RFC 7515 §5.2 and RFC 8725 §2.4.</summary>
    DuplicateName,

    /// <summary>JSON, but something other than an object.</summary>
    NotAnObject,
}
