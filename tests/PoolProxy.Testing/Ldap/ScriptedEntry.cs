namespace PoolProxy.Testing.Ldap;

/// <summary>An entry of a scripted directory.</summary>
/// <param name="Dn">Its distinguished name, compared without case. An empty one is found everywhere, as only a bad directory would have it.</param>
/// <param name="Password">What a simple bind has to bring.</param>
/// <param name="Attributes">What searches look at.</param>
public sealed record ScriptedEntry(string Dn, string Password, params (string Name, string Value)[] Attributes);
