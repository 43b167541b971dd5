namespace PoolProxy.Configuration.Model;

/// <summary>How a question about a token is put.</summary>
public enum IntrospectionFormat
{
    /// <summary><c>form</c>: as RFC 7662 §2.1 has it.</summary>
    Form,

    /// <summary><c>json</c>: an object with <c>token</c> and <c>token_type_hint</c>.</summary>
    Json,
}
