using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>The kinds that rules alone use.</summary>
internal static class RuleKinds
{
    /// <summary>A limit: there is none where it is not set, so zero has no meaning.</summary>
    public static readonly IntegerKind Count = new(1, 1_000_000);

    /// <summary>A time that limits.</summary>
    public static readonly DurationKind Time = Kinds.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(365));

    /// <summary>Ranges (<c>10.0.0.0/8</c>), addresses, or the word for the Unix socket.</summary>
    public static readonly TextListKind Addresses = new(splitsAtCommas: false, mayBeEmpty: false, check: text =>
        text == "unix" || HbaNetwork.TryRead(text, text.Contains('/', StringComparison.Ordinal) ? null : text.Contains(':', StringComparison.Ordinal) ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "255.255.255.255", out _)
            ? null : new($"\"{text}\" is no address range", "It may be 10.0.0.0/8, 2001:db8::/32, one address, or unix."));

    public static readonly ChoiceKind<ChangedRules> ChangedRules = new(
        [("keep", Model.ChangedRules.Keep), ("end", Model.ChangedRules.End), ("remap", Model.ChangedRules.Remap)]);

    public static readonly TextListKind Countries = new(splitsAtCommas: false, mayBeEmpty: false, check: text =>
        text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] ? null : new($"\"{text}\" is no country", "It may be two capital letters of ISO 3166-1, such as DE."));

    /// <summary>Stretches of the week. Their form is looked at where they are compiled.</summary>
    public static readonly TextListKind Hours = new(splitsAtCommas: false, mayBeEmpty: false);
}
