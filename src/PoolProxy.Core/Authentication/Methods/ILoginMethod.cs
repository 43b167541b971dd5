namespace PoolProxy.Core.Authentication.Methods;

/// <summary>A way to prove who one is. Cold code on the loop; slow sums run on workers.</summary>
internal interface ILoginMethod
{
    /// <summary>The name in auth_type and in the audit trail.</summary>
    string Name { get; }

    ValueTask<LoginResult> RunAsync(LoginExchange exchange);
}
