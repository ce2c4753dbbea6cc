"""The one writer of a study: which lock that is, by where the study is kept."""

from hpsoft.study.storage.file_lock import WriterLock
from hpsoft.study.storage.location import Backend, Location
from hpsoft.study.storage.mysql_lock import MySQLLock
from hpsoft.study.storage.objects import ObjectLock
from hpsoft.study.storage.redis_lock import RedisLock
from hpsoft.study.storage.server_lock import ServerLock


def writer_lock(
    location: Location, study: str
) -> WriterLock | ServerLock | RedisLock | ObjectLock:
    """Return the lock of a study, still to be taken."""
    if location.backend is Backend.OBJECT:
        return ObjectLock(location.given, study)
    if location.path is not None:
        return WriterLock(location.path, study)
    if location.backend is Backend.REDIS:
        return RedisLock(location, study)
    return (ServerLock if location.is_postgresql else MySQLLock)(location, study)
