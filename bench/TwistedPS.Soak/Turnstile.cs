namespace TwistedPS.Soak;

/// <summary>Lets loads begin, except while one of them needs the subject to have nobody else. From any thread.</summary>
internal sealed class Turnstile(int loads) : IDisposable
{
    private readonly SemaphoreSlim _places = new(loads);
    private readonly SemaphoreSlim _alone = new(1);

    public async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        return new Leaving(() => _places.Release());
    }

    /// <summary>Waits until nobody else is in, and keeps them out.</summary>
    public async Task<IDisposable> EnterAloneAsync(CancellationToken cancel)
    {
        await _alone.WaitAsync(cancel);
        int entered = 0;
        void Leave()
        {
            if (entered > 0)
                _places.Release(entered);
            _alone.Release();
        }

        try
        {
            for (; entered < loads; entered++)
                await _places.WaitAsync(cancel);
        }
        catch
        {
            Leave();
            throw;
        }

        return new Leaving(Leave);
    }

    public void Dispose()
    {
        _places.Dispose();
        _alone.Dispose();
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
