"""The one writer of a study: which lock that is, by where the study is kept."""

from hpsoft.search.location import Backend, Location
from hpsoft.search.locks import WriterLock
from hpsoft.search.mysql_lock import MySQLLock
from hpsoft.search.redis_lock import RedisLock
from hpsoft.search.server_lock import ServerLock


def writer_lock(location: Location, study: str) -> WriterLock | ServerLock | RedisLock:
    """Return the lock of a study, still to be taken."""
    if location.path is not None:
        return WriterLock(location.path, study)
    if location.backend is Backend.REDIS:
        return RedisLock(location, study)
    return (ServerLock if location.is_postgresql else MySQLLock)(location, study)
