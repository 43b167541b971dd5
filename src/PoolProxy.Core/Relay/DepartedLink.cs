using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Relay;

/// <summary>
/// In the place of a client that has left others on its server (isolation.md §9): what the server still says to it goes nowhere. It knows nothing, so
/// one serves for all.
/// </summary>
internal sealed class DepartedLink : SilentLink
{
    private DepartedLink()
    {
    }

    public static DepartedLink Instance { get; } = new();

    public override bool IsGone => true;
}
