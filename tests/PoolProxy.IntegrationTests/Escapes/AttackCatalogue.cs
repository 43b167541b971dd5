using PoolProxy.IntegrationTests.Escapes.Attacks;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Every attack, in the order of docs/escapes.md. A new one is one more entry in a list of <c>Attacks</c>.</summary>
internal static class AttackCatalogue
{
    public static readonly IReadOnlyList<(string Area, IReadOnlyList<Attack> Attacks)> Areas =
    [
        ("Changes of role in plain sight", [.. VisibleRoleAttacks.All]),
        ("Changes of role out of sight", [.. HiddenRoleAttacks.All]),
        ("What the login and the role may do", [.. LoginAttacks.All]),
        ("Claims", [.. ClaimAttacks.All]),
        ("What is left in a session", [.. StateAttacks.All]),
        ("Startup", [.. StartupAttacks.All]),
        ("Preludes that fail", [.. BrokenPreludeAttacks.All]),
        ("Rights taken away", [.. WithdrawnRightAttacks.All]),
        ("Messages", [.. WireAttacks.All]),
    ];

    public static readonly IReadOnlyDictionary<string, Attack> ByName = Areas.SelectMany(area => area.Attacks).ToDictionary(attack => attack.Name);

    public static readonly IReadOnlyList<string> Levels = ["partitioned", "set_role", "exclusive"];
}
