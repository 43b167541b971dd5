namespace PoolProxy.Configuration.Toml;

/// <summary>How a table came to be; this decides who may still add to it (TOML 1.0, "Table" and "Inline Table").</summary>
public enum TomlTableOrigin
{
    /// <summary>The document itself.</summary>
    Root,

    /// <summary>A part of somebody's header, such as <c>a</c> in <c>[a.b]</c>; a header or a dotted key may still define it.</summary>
    Implicit,

    /// <summary>Defined by its own <c>[header]</c>; only sub-tables may follow from elsewhere.</summary>
    Header,

    /// <summary>Defined by a dotted key; no header may define it again, though headers may add sub-tables.</summary>
    Dotted,

    /// <summary>Written in braces; closed for good.</summary>
    Inline,

    /// <summary>One element of an array of tables.</summary>
    Element,
}
