using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "jwt": the token comes as the password, which every driver can send.</summary>
internal sealed class TokenMethod(TokenLogin tokens) : ILoginMethod
{
    public string Name => "jwt";

    public bool IsByName => false;

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        if (tokens.Forbid(exchange) is { } forbidden)
        {
            return forbidden;
        }

        exchange.Send(AuthenticationCleartextPassword.Write);
        return await tokens.JudgeAsync(exchange, await exchange.ReadPasswordAsync(tokens.MaxReadBytes));
    }
}
