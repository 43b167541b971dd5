using System.Net;

namespace PoolProxy.Configuration.Hba;

/// <summary>The addresses of a line.</summary>
/// <param name="Kind">How they are named.</param>
/// <param name="Network">The network, where it is named.</param>
public sealed record HbaAddress(HbaAddressKind Kind, HbaNetwork? Network = null)
{
    /// <summary>Every address.</summary>
    public static HbaAddress All { get; } = new(HbaAddressKind.All);

    /// <summary>Whether an address is meant; <paramref name="machine"/> is what the machine's own network interfaces have, each as its address with its network's bits.</summary>
    public bool Holds(IPAddress address, IReadOnlyList<HbaNetwork> machine) => Kind switch
    {
        HbaAddressKind.All => true,
        HbaAddressKind.Network => Network!.Holds(address),
        HbaAddressKind.SameHost => machine.Any(own => own.IsAddress(address)),
        _ => machine.Any(own => own.Holds(address)),
    };
}
