using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets of clusters and topics have in common.</summary>
internal static class ClusterWork
{
    // Longer than it takes to notice that the broker is silent.
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(10);

    /// <summary>Throws if a text is no subject.</summary>
    public static void RefuseSubject(this TwistedCommand cmdlet, string subject, bool isPattern = false)
    {
        if (ReactorCluster.WhyInvalid(subject, isPattern) is { } why)
            cmdlet.ThrowTerminatingError(Errors.SubjectInvalid(subject, why));
    }

    /// <summary>
    /// Waits until the broker has what was published and subscribed, except in a handler. While it can't be reached, there is
    /// nothing to wait for: subscriptions are in force as soon as it can.
    /// </summary>
    /// <returns>False if the broker may not have it.</returns>
    public static bool Flush(this TwistedCommand cmdlet, ReactorHost host)
    {
        ReactorCluster cluster = ReactorCluster.Current;
        if (cmdlet.Session.CurrentHost is not null)
            return true;
        if (cluster.Status != ClusterStatus.Connected)
            return cluster.IsAlone;
        Task flushed = cluster.FlushAsync(cmdlet.CancelToken);
        return cmdlet.WaitFor(host, flushed.ContinueWith(_ => { }, TaskScheduler.Default), s_flushLimit, $"Waiting for {cluster.Broker}", "")
            && flushed.IsCompletedSuccessfully;
    }
}
