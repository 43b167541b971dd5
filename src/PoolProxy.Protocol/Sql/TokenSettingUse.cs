namespace PoolProxy.Protocol.Sql;

/// <summary>What a text does with the setting <c>poolproxy.token</c>.</summary>
public enum TokenSettingUse
{
    /// <summary>Nothing, or it only reads it.</summary>
    None,

    /// <summary>It sets it, to one plain literal, and does nothing else.</summary>
    Alone,

    /// <summary>It sets or resets it, or may, in another form or among other statements.</summary>
    Among,
}
