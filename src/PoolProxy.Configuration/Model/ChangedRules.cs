namespace PoolProxy.Configuration.Model;

/// <summary><c>changed_rules</c>: what a RELOAD does with sessions for which the rules come to something else now.</summary>
public enum ChangedRules
{
    /// <summary><c>keep</c>: they go on as they began; the new rules count from the next login.</summary>
    Keep,

    /// <summary><c>end</c>: they are ended.</summary>
    End,

    /// <summary><c>remap</c>: between two transactions they become what the rules give now; where that cannot be, or where the rules give nothing, they are ended.</summary>
    Remap,
}
